"""Batches: everything ever imported, and the way to take one back."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import delete, exists, literal, select, union, update

from data.domain.actor import Scope
from data.domain.kinds import is_guarded, wholly_open
from data.domain.levels import BELOW_KABUPATEN
from data.errors import WrongUse
from data.store.frames import table_frame
from data.store.notices import holds_guarded, notice_undone
from data.store.part import UNDONE, Part, note_act
from data.store.parts.records import remove_records
from data.store.tables import RECORD_TABLES, batas, batch, fakta, gazetir

_BATCH_COLUMNS = (
    "batch",
    "jenis",
    "file_name",
    "sha256",
    "source",
    "as_of",
    "user",
    "created_at",
    "rows_read",
    "rows_ok",
    "rows_error",
    "rows_skipped",
    "status",
    "data_contoh",
    "report_json",
)
_TELLING = ("sha256", "rows_read", "rows_ok", "rows_error", "rows_skipped", "report_json")
"""What of a batch of counts tells how many villages have a case, or lets one try whether a file is the same."""


class Batches(Part):
    """``store.batches``: one file's worth of facts, records or boundaries each."""

    def all(self, scope: Scope | None = None) -> pd.DataFrame:
        """Every batch ever stored, the newest first, taken-back ones included (``status`` ``dibatalkan``).

        With ``scope`` those of `hidden_from` have neither numbers of rows nor hash nor report (None).
        """
        with self._reading() as connection:
            found = table_frame(connection, batch, list(_BATCH_COLUMNS), order=("-created_at", "-batch"))
        if scope is not None and (hidden := self.hidden_from(scope)):
            away = found["batch"].isin(hidden)
            for name in _TELLING:
                found[name] = found[name].astype(object).where(~away, None)
        return found

    def hidden_from(self, scope: Scope) -> set[str]:
        """Batches that count single people below the kabupaten outside of ``scope``.

        Of one that was taken back the areas are not known any more: it is hidden from whoever may not read everywhere.
        """
        if scope.everywhere:
            return set()
        held = select(fakta.c.batch, fakta.c.jenis, fakta.c.indikator, fakta.c.kode).where(
            fakta.c.level.in_(BELOW_KABUPATEN), fakta.c.jenis.not_in(wholly_open()), fakta.c.data_contoh.is_(False)
        )
        if not scope.areas:
            held = held.with_only_columns(fakta.c.batch, fakta.c.jenis, fakta.c.indikator, literal("")).distinct()
        back = select(batch.c.batch).where(
            batch.c.status == UNDONE, batch.c.data_contoh.is_(False), batch.c.jenis.not_in(wholly_open())
        )
        with self._reading() as connection:
            away = {
                name
                for name, jenis, indikator, kode in connection.execute(held)
                if is_guarded(jenis, indikator) and not scope.covers(kode)
            }
            return away | set(connection.execute(back).scalars())

    def codes(self, name: str) -> list[str]:
        """Codes of the areas a batch speaks of; of a boundary file, which is known by its whole, the provinces."""
        query = union(
            *(select(table.c.kode).where(table.c.batch == name) for table in (fakta, *RECORD_TABLES.values())),
            select(gazetir.c.kode_prov).where(exists().where(batas.c.batch == name)),
        )
        with self._reading() as connection:
            return sorted(str(kode) for kode in connection.execute(query).scalars())

    def guarded(self, name: str) -> bool:
        """Whether a live batch holds counts of single people below the kabupaten."""
        with self._reading() as connection:
            return holds_guarded(connection, name)

    def undo(self, name: str, user: str) -> None:
        """Takes one batch back, also when later ones came: the tables are as if it had never been stored.

        Raises `WrongUse`: ``UNKNOWN_BATCH`` or ``BATCH_ALREADY_UNDONE``.
        """
        with self._writing() as connection:
            status = connection.execute(select(batch.c.status).where(batch.c.batch == name)).scalar()
            if status is None:
                raise WrongUse("UNKNOWN_BATCH", batch=name)
            if status == UNDONE:
                raise WrongUse("BATCH_ALREADY_UNDONE", batch=name)
            notice_undone(connection, name, user)
            connection.execute(delete(fakta).where(fakta.c.batch == name))
            connection.execute(delete(batas).where(batas.c.batch == name))
            remove_records(connection, name)
            connection.execute(update(batch).where(batch.c.batch == name).values(status=UNDONE))
            note_act(connection, user, "undo", {"batch": name})
