"""Keep files by their content: what they are is found out, not believed."""
