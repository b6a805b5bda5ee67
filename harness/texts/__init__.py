"""Texts that ship with the project; see ``LICENCE.md`` beside them."""
