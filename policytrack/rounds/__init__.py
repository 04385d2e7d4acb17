"""Reporting rounds: when they open and close."""
