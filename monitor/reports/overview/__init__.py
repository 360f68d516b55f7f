"""The overview page of an office and year."""
