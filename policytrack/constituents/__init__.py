"""Organisations of the three groups, observers beside them, and their members."""
