"""The figures published earlier, set against ours."""
