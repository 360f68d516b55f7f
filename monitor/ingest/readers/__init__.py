"""Bytes into neutral documents or rows, and nothing else. A new format is a new file here."""
