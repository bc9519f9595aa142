"""The commands of peta-aman, a family a module."""
