"""Map layers, SVG, the web map and vector files."""
