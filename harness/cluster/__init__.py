"""Blocks of a study on the labelled hosts of a cluster. Where a block runs is Ray's; the rest is ours."""
