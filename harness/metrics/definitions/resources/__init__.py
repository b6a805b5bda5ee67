"""What a run used of the machine, and what it took: memory, its rates, layers, telemetry, other programs."""
