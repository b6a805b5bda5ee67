"""Numbers and claims in any Markdown file, kept equal to the sealed datasets that they came from."""
