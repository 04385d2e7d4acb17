"""Reference data: facts with source and confidence, and how they are loaded."""
