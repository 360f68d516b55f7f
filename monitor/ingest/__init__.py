"""From bytes to domain values: readers, recognisers, and the use cases that land a file."""
