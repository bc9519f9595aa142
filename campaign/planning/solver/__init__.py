"""Solving a plan: what is maximised, the programme a solver is given, the quick choice."""
