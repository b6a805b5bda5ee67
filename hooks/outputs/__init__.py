"""What a site offers beside its pages: feed, summary, cards, plain Markdown, the list of files."""
