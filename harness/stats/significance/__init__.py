"""Tests of hypotheses, and corrections for asking several."""
