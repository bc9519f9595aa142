"""Parts of the screen of the summary."""
