"""What screens and documents read: one snapshot per state of the store."""
