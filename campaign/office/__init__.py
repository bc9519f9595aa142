"""The installation: made, checked, noted on."""
