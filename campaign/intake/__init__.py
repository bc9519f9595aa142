"""Files in: examined, previewed, stored, undone; sources and provenance."""
