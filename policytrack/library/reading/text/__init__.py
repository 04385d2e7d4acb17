"""Bring text that came out of files into good order: pure functions from strings to strings."""
