"""The one way into and out of the database: parts by subject, one engine and one transaction for each act.

Objects are safe to share among threads; frames they return are the caller's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError

from data.errors import PetaAmanError, Refused
from data.sealing.seal import Seal
from data.store.content import hash_table, hash_text
from data.store.faults import named
from data.store.migrate import HEAD, migrate, revision_of
from data.store.part import Database, input_version
from data.store.parts.accounts import Accounts
from data.store.parts.audit import Audit
from data.store.parts.batches import Batches
from data.store.parts.boundaries import Boundaries
from data.store.parts.facts import Facts
from data.store.parts.gazetteer import Gazetteer
from data.store.parts.lists import Lists
from data.store.parts.notes import Notes
from data.store.parts.records import Records
from data.store.parts.remembered import ColumnMeanings, Names, Preferences
from data.store.parts.requests import Requests
from data.store.parts.results import Results
from data.store.parts.scores import Scores
from data.store.parts.signins import SignIns
from data.store.parts.transfer import CarriedOut, drop_all, holds_nothing
from data.store.soundness import Soundness, soundness
from data.store.state import identity, read_state
from data.store.tables import CONTENT_TABLES, batch, skor_versi


class Store:
    """Tables of one installation. Open it with `Store.open`.

    Attributes
    ----------
    gazetteer, facts, records, boundaries, batches : what was brought in
    names, columns, preferences : what people decided about files and sources
    scores, results : what was computed, by version
    lists, notes, requests : what people wrote and signed
    accounts, signins : who may sign in, who has
    audit : who did what
    """

    def __init__(self, url: str, seal: Seal | None = None) -> None:
        self._database = database = Database(url, seal)
        self.gazetteer = Gazetteer(database)
        self.facts = Facts(database)
        self.records = Records(database)
        self.boundaries = Boundaries(database)
        self.batches = Batches(database)
        self.names = Names(database)
        self.columns = ColumnMeanings(database)
        self.preferences = Preferences(database)
        self.scores = Scores(database)
        self.results = Results(database)
        self.lists = Lists(database)
        self.notes = Notes(database)
        self.requests = Requests(database)
        self.accounts = Accounts(database)
        self.signins = SignIns(database)
        self.audit = Audit(database)

    @classmethod
    def open(cls, url: str, seal: Seal | None = None) -> Store:
        """Opens the database at ``url``, creating or migrating its tables; ``seal`` signs the audit.

        Raises `Refused`: ``DATABASE_NEWER`` when a newer version wrote it, ``DATABASE_UNREADABLE`` when it cannot be
        opened at all, and those of `data.store.faults.named`.
        """
        store = cls(url, seal)
        database = store._database
        try:
            migrate(database.engine)
            with database.reading() as connection:
                known = read_state(connection, "id")
            if known is None:
                with database.writing() as connection:
                    identity(connection)
        except DBAPIError as fault:
            store.close()
            reason = named(fault, database.engine)
            if reason is None or reason.reason == "DATABASE_GONE":
                reason = Refused("DATABASE_UNREADABLE", detail=type(fault.orig).__name__)
            raise reason from fault
        except PetaAmanError as error:
            store.close()
            if error.reason == "DATABASE_GONE":
                raise Refused("DATABASE_UNREADABLE", detail=error.reason) from error
            raise
        return store

    def close(self) -> None:
        """Gives the connections back; the object is of no use afterwards."""
        self._database.engine.dispose()

    def input_version(self) -> str:
        """Hash over what a score is computed from: gazetteer, live facts, live boundaries, preferred sources. 16 hex
        digits."""
        with self._database.reading() as connection:
            return input_version(connection)

    def state_key(self) -> str:
        """Changes with every write to this store; screens cache by it. 16 hex digits."""
        with self._database.reading() as connection:
            return self._state_key(connection)

    def table_hashes(self) -> dict[str, str]:
        """Canonical hash of each table an undo must bring back; equal content, equal hash, on any database."""
        with self._database.reading() as connection:
            return {name: hash_table(connection, table) for name, table in CONTENT_TABLES.items()}

    def check(self) -> dict[str, Any]:
        """Counts a health check shows; raises when the database does not answer."""
        with self._database.reading() as connection:
            count = {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in {**CONTENT_TABLES, "batch": batch, "skor_versi": skor_versi}.items()
            }
            return {"revision": self._state_key(connection), **count}

    def damage(self) -> str:
        """What the database itself finds damaged, shortened; empty when it is whole. Raises as `Store.open`."""
        return self.soundness().damage

    def soundness(self) -> Soundness:
        """Whether the database itself is whole, and what could not be looked at. Raises as `Store.open`."""
        engine = self._database.engine
        try:
            return soundness(engine)
        except DBAPIError as fault:
            known = named(fault, engine)
            if known is not None and known.reason == "DATABASE_DAMAGED":
                return Soundness(type(fault.orig).__name__)
            if known is not None:
                raise known from fault
            raise

    def up_to_date(self) -> bool:
        """Whether the tables are of the newest migration."""
        with self._database.reading() as connection:
            return revision_of(connection) == HEAD

    def identity(self) -> str:
        """The store's own id, made at its first opening; a copy and a restored backup have the same."""
        with self._database.reading() as connection:
            return read_state(connection, "id") or ""

    def is_empty(self) -> bool:
        """Whether no gazetteer and no batch was ever stored."""
        with self._database.reading() as connection:
            return holds_nothing(connection)

    def discard(self) -> None:
        """Drops all tables: an installation that failed half-way in a database that is not a file."""
        with self._database.writing() as connection:
            drop_all(connection)

    @contextmanager
    def carried_out(self) -> Iterator[CarriedOut]:
        """All tables at one moment, also while others write."""
        with self._database.reading() as connection:
            yield CarriedOut(connection)

    def _state_key(self, connection: Connection) -> str:
        return hash_text(self._database.url, *identity(connection))[:16]
