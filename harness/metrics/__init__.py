"""Metric definitions, one per file; ``METRICS`` is the explicit table of them."""
