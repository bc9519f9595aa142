"""Boundaries: imported, checked as a coverage, kept in versions, in force."""
