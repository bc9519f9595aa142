"""Reading the tables agencies send."""
