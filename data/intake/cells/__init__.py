"""One cell at a time: numbers, dates, codes, coordinates, text."""
