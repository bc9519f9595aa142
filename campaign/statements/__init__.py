"""Every sentence about a figure: from value, average, coefficient and status to what may be said, in both languages."""
