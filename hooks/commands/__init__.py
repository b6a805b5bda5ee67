"""The commands of `reports`, one per file: parse, call a function, print."""
