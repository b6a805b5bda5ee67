"""One run in a fresh process."""
