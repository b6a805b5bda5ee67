"""Computes what a page shows again, with code of its own."""
