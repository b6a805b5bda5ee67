"""A server of somebody's own, measured by one command: where it is, what is asked of it, what came of it."""
