"""Answer programs: a search as JSON, and the description of it."""
