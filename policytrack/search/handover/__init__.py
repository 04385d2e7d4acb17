"""Hand over a whole result: as tables and as citations."""
