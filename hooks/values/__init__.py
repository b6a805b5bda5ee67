"""The number of a page, with what it was computed from."""
