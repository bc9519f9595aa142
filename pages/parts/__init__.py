"""Parts of screens: a folder for each screen that has several, and what several screens share."""
