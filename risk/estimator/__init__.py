"""The parts of the estimator: fit, neighbour field, reading of tables."""
