"""Evidence: what was done, seen, taken along and refused, for whoever must answer for it."""
