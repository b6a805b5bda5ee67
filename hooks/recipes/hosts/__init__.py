"""Findings of several studies on several hosts: what each host says of each, and how far hosts and sessions differ."""
