"""Reads a built site and the sealed files, as anybody could."""
