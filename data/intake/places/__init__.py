"""Which area a row is about: code systems, names, the crosswalk."""
