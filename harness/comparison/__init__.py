"""Two sealed datasets, number by number as ratios, and conditions that fail a build."""
