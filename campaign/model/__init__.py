"""What is said of the model: its card, its use, a second list, pairs of areas."""
