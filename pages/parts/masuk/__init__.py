"""Parts of the screen of data in."""
