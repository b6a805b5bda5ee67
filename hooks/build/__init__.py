"""Renders a project: what a build needs, in which order, and what is kept of it."""
