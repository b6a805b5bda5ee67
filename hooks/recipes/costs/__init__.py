"""What a report on costs is made of: formulas, a calculator, dated inputs, energy, and what would change a ranking."""
