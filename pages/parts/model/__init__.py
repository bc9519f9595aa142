"""Parts of the screen of the model."""
