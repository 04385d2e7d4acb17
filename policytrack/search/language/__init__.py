"""Take texts and questions of any language apart into the same words."""
