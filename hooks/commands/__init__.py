"""One module per command of `reports`."""
