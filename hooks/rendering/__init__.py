"""From values and templates to the Markdown of a page."""
