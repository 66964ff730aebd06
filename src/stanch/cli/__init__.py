"""The command line: one file a noun; each command parses, calls one core function, and prints."""

from stanch.cli.main import main

__all__ = ["main"]
