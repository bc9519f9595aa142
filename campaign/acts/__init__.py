"""The acts of the command line, a family a module: each registers its commands and does them through the rooms."""
