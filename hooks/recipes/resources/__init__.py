"""What a report on resources is made of: growth with the context, memory, layers, changes, and what was provoked."""
