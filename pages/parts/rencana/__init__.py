"""Parts of the screen of the plan."""
