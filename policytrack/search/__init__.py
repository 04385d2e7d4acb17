"""Full-text search: the index on this machine, and how it follows the change log."""
