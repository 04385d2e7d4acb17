"""What a lead constituent undertook, its text in revisions, its indicators and milestones."""
