"""Personal data, found and refused before anything is stored."""
