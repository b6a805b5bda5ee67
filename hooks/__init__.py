"""Renders report pages, the report index and cross-report charts from sealed datasets."""
