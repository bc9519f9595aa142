"""The parts of the store, each with its own tables."""
