"""Who is next to whom, and how far it is."""
