"""Engines that run inside the worker: one session for all of them, one small engine each."""
