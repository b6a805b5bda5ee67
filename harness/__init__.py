"""Executes declared benchmark studies on real engines and seals versioned datasets."""

__version__ = "0.1.0"
