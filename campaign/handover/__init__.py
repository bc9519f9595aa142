"""What leaves the office: lists, files, and the log of who took them."""
