"""Charts of a report: intervals row by row, the chart of the first screen, one column against another, over sizes."""
