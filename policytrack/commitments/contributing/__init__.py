"""What programmes contributed to commitments: as claimed, or as evaluated."""
