"""The dataset contract: what a sealed dataset holds and how it is read."""
