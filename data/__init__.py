"""Rooms of data: people's files, codes, the store, provenance, the disclosure rule."""
