"""Understand what people type: words, signs and names, and what else says the same."""
