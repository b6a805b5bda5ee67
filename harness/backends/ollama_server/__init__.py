"""What one Ollama has and does: where it is, its models, what it reports of them, and where its streams mislead."""
