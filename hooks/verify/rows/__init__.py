"""Tables whose words follow from their own numbers, and from the design that was sealed with them."""
