"""Which recordings a report publishes, and what is said of each."""
