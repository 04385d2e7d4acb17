"""Keep the library: policies and practices, with the text of their files page by page."""
