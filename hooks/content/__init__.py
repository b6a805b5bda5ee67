"""Tables, charts and everything else that is computed for a page."""
