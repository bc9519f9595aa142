"""The store: one long table of facts by area and period, batches that can be taken back, scores by version."""
