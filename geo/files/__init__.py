"""Reading vector boundary files without trusting them."""
