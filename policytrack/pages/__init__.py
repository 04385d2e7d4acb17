"""Pages that show several features: home, a country, a corridor, about."""
