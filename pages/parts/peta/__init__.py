"""Parts of the screen of the map."""
