"""What a page says beside its numbers: labels, headings, units and words, each held against the question of a value."""
