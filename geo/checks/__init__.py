"""Checks of a boundary file: which area a feature is, where it lies, whether its shape can be used."""
