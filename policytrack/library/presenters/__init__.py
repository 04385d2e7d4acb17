"""Prepare what the pages of the library show."""
