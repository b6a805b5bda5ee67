"""Expensive work, kept by the hash of what it depends on."""
