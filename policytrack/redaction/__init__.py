"""Take a passage or a file out of a note or a document for good: asked by one, confirmed by two."""
