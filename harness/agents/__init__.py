"""Agents under measurement: programs in processes of their own, in Python and in Rust, that speak one protocol."""
