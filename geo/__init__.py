"""Boundaries, coverage, the village frame, levels, neighbours, map layers."""
