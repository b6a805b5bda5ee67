"""A sealed dataset in the forms that other programs and archives read. The same dataset gives the same bytes."""
