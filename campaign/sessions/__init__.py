"""Sessions held and what villages reply."""
