"""Labels of accounts from CSV or JSON lines: what somebody says an address is."""

from stanch.sources.labels.read import CATEGORY_WORDS, read_labels

__all__ = ["CATEGORY_WORDS", "read_labels"]
