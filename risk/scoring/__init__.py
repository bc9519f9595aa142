"""From what is stored to a score table."""
