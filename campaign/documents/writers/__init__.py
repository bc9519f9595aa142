"""Typst, Word and Excel writers."""
