"""Dialogues: meetings of constituents, interregional or about a corridor."""
