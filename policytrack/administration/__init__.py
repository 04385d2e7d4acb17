"""Administration: people, organisations, permissions, settings, health and the trail."""
