"""Labels of accounts from CSV, JSON lines or TagPack YAML: what somebody says an address is."""

from stanch.sources.labels.file import read_label_file
from stanch.sources.labels.read import CATEGORY_WORDS, read_labels

__all__ = ["CATEGORY_WORDS", "read_label_file", "read_labels"]
