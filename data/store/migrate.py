"""Brings a database to the shape this version of the program knows, or refuses a newer one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, inspect, text

from data.errors import Refused
from data.store.engine import reading, writing

HEAD = "0012"
"""The newest migration; a test holds it equal to Alembic's own head."""


class Renumbered(NamedTuple):
    """The number a migration bears now, and tables that tell a database of it from a newer program's."""

    now: str
    tables: frozenset[str]


RENUMBERED = {"0009": Renumbered("0008", frozenset({"catatan", "permintaan"}))}
"""By the number that databases made on the day of its first release bear. No new migration may take such a number."""


def migrate(engine: Engine) -> None:
    """Creates or upgrades the tables; cheap when there is nothing to do.

    Raises `Refused` (``DATABASE_NEWER``) for a database written by a newer version: there is no downgrade.
    """
    with reading(engine) as connection:
        current = _revision(connection)
    if current == HEAD:
        return
    if current in RENUMBERED:
        with writing(engine) as connection:
            current = _renumber(connection)
    if current is not None and current not in known_revisions():
        raise Refused("DATABASE_NEWER", revision=current, known=HEAD)
    with writing(engine) as connection:
        upgrade(connection, HEAD)


def present_number(revision: str) -> str:
    """``revision`` as it is numbered now."""
    return RENUMBERED[revision].now if revision in RENUMBERED else revision


def known_revisions() -> set[str]:
    """Every revision this version of the program can bring to the newest."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade(connection: Connection, revision: str) -> None:
    """Brings the tables up to ``revision`` inside the caller's transaction."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _renumber(connection: Connection) -> str | None:
    """Writes the present number over a former one, where the tables of that migration are there; the number then."""
    current = _revision(connection)  # once more: another process may have written it since
    former = RENUMBERED.get(current or "")
    if former is None or not former.tables <= set(inspect(connection).get_table_names()):
        return current
    connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": former.now})
    return former.now


def _config() -> Any:
    # Alembic takes a third of a second to import, so only when there is work for it.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
