"""The kinds of table that can be brought in."""
