"""From a sealed dataset to values."""
