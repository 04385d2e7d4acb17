"""What constituents report: notes, their revisions, readings and evidence, and their review."""
