"""Alembic migrations, packaged with the store and run when it is opened."""
