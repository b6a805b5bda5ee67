"""The recorder: an append-only journal of runs, its recovery, and its seal into a dataset."""
