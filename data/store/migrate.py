"""Brings a database to the shape this version of the program knows, or refuses a newer one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from data.errors import Refused
from data.store.engine import reading, writing

HEAD = "0002"
"""The newest migration; a test holds it equal to Alembic's own head."""


def migrate(engine: Engine) -> None:
    """Creates or upgrades the tables; cheap when there is nothing to do.

    Raises `Refused` (``DATABASE_NEWER``) for a database written by a newer version: there is no downgrade.
    """
    with reading(engine) as connection:
        current = _revision(connection)
    if current == HEAD:
        return
    # Alembic takes a third of a second to import, so only when there is work for it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise Refused("DATABASE_NEWER", revision=current, known=HEAD)
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
