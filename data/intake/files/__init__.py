"""From a file to raw cells: what it is, whether it may be opened, its sheets and encodings."""
