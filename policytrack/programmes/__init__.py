"""Programmes: funded actions, what they achieved and what they taught."""
