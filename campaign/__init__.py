"""Targets, lists and documents: from score to sessions held."""
