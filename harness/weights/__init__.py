"""Where model files are, and how they are made ready."""
