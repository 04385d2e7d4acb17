"""Countries and territories, and the directed corridors between them."""
