"""Intervals of means, medians, shares, percentiles, and of what is computed from several."""
