"""Demonstration content: invented, marked, from a fixed seed."""
