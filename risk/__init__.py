"""Features, the estimator, evaluation and the score table."""
