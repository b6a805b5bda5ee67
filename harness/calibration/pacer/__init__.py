"""A server that answers at times it is told and writes down when it did."""
