"""Hold what every feature needs and no feature owns; imports no feature."""
