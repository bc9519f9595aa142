"""How good the score is, against which baselines, at which price, and whether it leaks."""
