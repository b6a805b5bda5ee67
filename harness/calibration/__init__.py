"""The instrument's own error: a ground-truth pacer, and our client measured against it."""
