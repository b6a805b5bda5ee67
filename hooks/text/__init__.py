"""Text: escaping, placeholders, numbers in it, names."""
