"""Sentences that the data decide."""
