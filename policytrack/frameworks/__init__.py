"""Instruments with their provisions, and the taxonomies: themes, sectors, target groups."""
