"""The target list as rows, with what a reader must know beside it."""
