"""Child processes: how they start, speak and end."""
