"""The one way into and out of the database. Every act is one transaction; objects are safe to share among threads."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from data.batches import FACT_COLUMNS, BatchMeta, fact_frame
from data.errors import PetaAmanError, Refused, WrongUse
from data.store.content import hash_rows, hash_table, hash_text, to_json
from data.store.engine import open_engine, reading, writing
from data.store.migrate import migrate
from data.store.parts import records
from data.store.parts import scores as score_tables
from data.store.parts.gazetteer import GAZETTEER_COLUMNS, areas_of, gazetteer_rows
from data.store.parts.lists import Lists
from data.store.parts.notes import Notes
from data.store.parts.remembered import Confirmed
from data.store.parts.requests import Requests
from data.store.parts.results import Results
from data.store.parts.transfer import Whole
from data.store.state import bump, identity, next_number, read_state, write_state
from data.store.tables import CONTENT_TABLES, audit, batas, batch, fakta, gazetir, pilihan, skor_versi

ACTIVE, UNDONE = "aktif", "dibatalkan"
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


class Store(Confirmed, Lists, Notes, Requests, Results, Whole):
    """Tables of one installation. Open it with `Store.open`; frames it returns are the caller's own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._engine = open_engine(url)

    @classmethod
    def open(cls, url: str) -> Store:
        """Opens the database at ``url``, creating or migrating its tables.

        Raises `Refused`: ``DATABASE_NEWER`` when a newer version wrote it, ``DATABASE_UNREADABLE`` when it cannot be
        opened at all.
        """
        store = cls(url)
        try:
            migrate(store._engine)
            with reading(store._engine) as connection:
                known = read_state(connection, "id")
            if known is None:
                with writing(store._engine) as connection:
                    identity(connection)
        except DBAPIError as fault:
            store.close()
            raise Refused("DATABASE_UNREADABLE", detail=type(fault.orig).__name__) from fault
        except PetaAmanError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Gives the connections back; the object is of no use afterwards."""
        self._engine.dispose()

    # -- gazetteer ---------------------------------------------------------------------------------------------

    def set_gazetteer(self, frame: pd.DataFrame, user: str = "") -> None:
        """Replaces the list of villages by ``frame`` (columns as `gazetteer` returns them, ``kode`` unique)."""
        rows = gazetteer_rows(frame)
        with self._writing() as connection:
            connection.execute(delete(gazetir))
            if rows:
                connection.execute(insert(gazetir), rows)
            content = hash_rows(tuple(row[name] for name in GAZETTEER_COLUMNS) for row in rows)
            write_state(connection, "gazetir", content)
            self._note(connection, user, "set_gazetteer", {"rows": len(rows)})

    def gazetteer(self) -> pd.DataFrame:
        """One row per village, sorted by ``kode``; ``penduduk``, ``lon``, ``lat``, ``elevasi`` are NaN when unknown."""
        with reading(self._engine) as connection:
            frame = _frame(connection, gazetir, list(GAZETTEER_COLUMNS), order=("kode",))
        return frame.astype(dict.fromkeys(("penduduk", "lon", "lat", "elevasi"), float))

    def areas(self, level: str) -> pd.DataFrame:
        """Areas of a level above the village: ``kode, nama, induk`` (the code one level up)."""
        return areas_of(self.gazetteer(), level)

    # -- batches of facts --------------------------------------------------------------------------------------

    def commit_batch(self, meta: BatchMeta, rows: pd.DataFrame, expected: str | None = None) -> str:
        """Stores one batch of facts whole and returns its id, ``B20261122-0001``.

        ``rows`` as `data.batches.fact_frame` takes them. With ``expected`` (the `input_version` read when the rows
        were checked) the batch is refused (``DATA_CHANGED``) if anything was stored or taken back since.
        """
        frame = fact_frame(rows, meta)
        records = [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
        content = hash_text(
            meta.jenis, str(meta.as_of), meta.source, hash_rows(frame.itertuples(index=False, name=None))
        )
        with self._writing() as connection:
            self._expect(connection, expected)
            name = self._new_batch(connection, meta, content)
            if records:
                for record in records:
                    record["batch"] = name
                connection.execute(insert(fakta), records)
        return name

    def facts(self, jenis: str | None = None, indikator: str | None = None, level: str | None = None) -> pd.DataFrame:
        """Facts of live batches in the order they were stored.

        Columns: ``id, batch``, those of `data.batches.FACT_COLUMNS`, ``created_at`` of the batch, ``pilihan`` (of a
        source a person prefers; `data.choose` heeds it). Dates are ``datetime64``; ``value`` is float with NaN for
        missing (which is not 0).
        """
        columns = [fakta.c.id, fakta.c.batch, *(fakta.c[name] for name in FACT_COLUMNS)]
        query = (
            select(*columns, batch.c.created_at)
            .join(batch, batch.c.batch == fakta.c.batch)
            .where(batch.c.status == ACTIVE)
            .order_by(fakta.c.id)
        )
        for column, wanted in ((fakta.c.jenis, jenis), (fakta.c.indikator, indikator), (fakta.c.level, level)):
            if wanted is not None:
                query = query.where(column == wanted)
        with reading(self._engine) as connection:
            result = connection.execute(query)
            frame = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
            frame["pilihan"] = records.preferred_rows(connection, frame)
        for name in ("period_start", "period_end", "as_of", "created_at"):
            frame[name] = pd.to_datetime(frame[name])
        frame["value"] = frame["value"].astype(float)
        for name in ("cumulative", "data_contoh", "published"):
            frame[name] = frame[name].astype(bool)
        frame["row"] = frame["row"].astype("Int64")
        return frame

    def batches(self) -> pd.DataFrame:
        """Every batch ever stored, the newest first, taken-back ones included (``status`` ``dibatalkan``)."""
        with reading(self._engine) as connection:
            return _frame(connection, batch, list(_BATCH_COLUMNS), order=("-created_at", "-batch"))

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
            connection.execute(delete(fakta).where(fakta.c.batch == name))
            connection.execute(delete(batas).where(batas.c.batch == name))
            records.remove(connection, name)
            connection.execute(update(batch).where(batch.c.batch == name).values(status=UNDONE))
            self._note(connection, user, "undo", {"batch": name})

    # -- records -------------------------------------------------------------------------------------------------

    def commit_records(self, meta: BatchMeta, rows: pd.DataFrame, expected: str | None = None) -> str:
        """Stores one batch of records whole; ``meta.jenis`` is ``padanan``, ``titik`` or ``sesi``.

        ``rows`` has the columns of that table (`data.store.tables`). ``expected`` as for `commit_batch`.
        """
        frame = records.record_rows(meta.jenis, rows)
        content = hash_text(
            meta.jenis, str(meta.as_of), meta.source, hash_rows(tuple(record.values()) for record in frame)
        )
        with self._writing() as connection:
            self._expect(connection, expected)
            name = self._new_batch(connection, meta, content)
            records.write(connection, meta.jenis, name, frame)
        return name

    def records(self, kind: str) -> pd.DataFrame:
        """Live records of ``padanan`` (``batch, jenis, nilai, kode, row``), ``titik`` (``batch, nama, jenis, kode,
        lon, lat, source, row``) or ``sesi`` (``batch, kode, tanggal, topik, khalayak, peserta, peserta_l, peserta_p,
        pre, post, rujukan, source, row``), in the order they were stored.
        """
        with reading(self._engine) as connection:
            return records.read(connection, kind)

    # -- boundaries --------------------------------------------------------------------------------------------

    def add_boundary(self, meta: BatchMeta, level: str, version: str, path: str, kind: str, source: str, n: int) -> str:
        """Registers one boundary file as a batch of its own; see `add_boundaries`."""
        return self.add_boundaries(
            meta, [{"level": level, "version": version, "path": path, "kind": kind, "source": source, "n_polygons": n}]
        )

    def add_boundaries(self, meta: BatchMeta, files: list[dict[str, Any]], expected: str | None = None) -> str:
        """Registers boundary files of one import, one a level; returns the batch id.

        Each of ``files`` has ``level, version`` (content hash), ``path`` (a file name in the workspace's ``batas/``),
        ``kind`` (``resmi`` or ``perkiraan``), ``source, n_polygons``. The files must be on disk already.
        """
        content = hash_text(*(to_json(item) for item in files))
        with self._writing() as connection:
            self._expect(connection, expected)
            name = self._new_batch(connection, meta, content)
            for item in files:
                connection.execute(insert(batas).values(**item, batch=name, created_at=_now()))
        return name

    def boundaries(self, level: str) -> list[dict[str, Any]]:
        """The live boundary files of a level (rows of the table ``batas``), official ones first, then the newest."""
        query = (
            select(*batas.c)
            .join(batch, batch.c.batch == batas.c.batch)
            .where(batas.c.level == level, batch.c.status == ACTIVE)
            .order_by(batas.c.created_at.desc(), batas.c.batch.desc())
        )
        with reading(self._engine) as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        return sorted(rows, key=lambda row: row["kind"] != "resmi")

    def boundary(self, level: str) -> dict[str, Any] | None:
        """The newest live official boundary file of a level, else the newest approximate one.

        Several files may be in force together, one a kabupaten: see `geo.boundaries.composition`.
        """
        return next(iter(self.boundaries(level)), None)

    # -- scores ------------------------------------------------------------------------------------------------

    def save_scores(self, meta: dict[str, Any], table: pd.DataFrame) -> str:
        """Stores one score table and returns its version, ``S20261122-0001``.

        ``meta``: ``input_version, boundary_version, n_top`` and optionally ``params, evaluation`` (plain values),
        ``data_contoh``. ``table``: ``level, kode, skor, skor_bawah, skor_atas, p_top, prioritas, kualitas_data`` and
        optionally ``harapan, laju, p_rr2, n_top``, ``alasan`` (list of ``{"kunci", "nilai"}``), ``internal`` (plain
        values), ``data_contoh``.
        """
        with self._writing() as connection:
            now = _now()
            versi = next_number(connection, f"S{now:%Y%m%d}")
            score_tables.write(connection, versi, now, meta, table)
            self._note(connection, str(meta.get("user", "")), "score", {"versi": versi, "rows": len(table)})
        return versi

    def score_version(self, versi: str | None = None) -> dict[str, Any] | None:
        """The newest score version (or the one named) with ``params`` and ``evaluation`` as plain values."""
        with reading(self._engine) as connection:
            return score_tables.version(connection, versi)

    def scores(self, level: str = "desa", versi: str | None = None) -> pd.DataFrame:
        """The score table of a level, sorted by ``kode``; ``alasan`` is a list of ``{"kunci", "nilai"}``.

        Empty (with its columns) when nothing was scored yet.
        """
        with reading(self._engine) as connection:
            return score_tables.read(connection, level, versi, internal=False)

    def score_history(self, level: str = "desa", newest: int = 6) -> pd.DataFrame:
        """``versi, created_at, kode, skor, prioritas`` of the ``newest`` score versions, the oldest version first."""
        with reading(self._engine) as connection:
            return score_tables.history(connection, level, newest)

    def internal_scores(self, level: str = "desa", versi: str | None = None) -> pd.DataFrame:
        """`scores` with the column ``internal`` (plain values): for the risk room only, never shown."""
        with reading(self._engine) as connection:
            return score_tables.read(connection, level, versi, internal=True)

    # -- versions ----------------------------------------------------------------------------------------------

    def input_version(self) -> str:
        """Hash over what a score is computed from: gazetteer, live facts, live boundaries, preferred sources. 16 hex
        digits."""
        with reading(self._engine) as connection:
            return self._input_version(connection)

    def state_key(self) -> str:
        """Changes with every write to this store; screens cache by it. 16 hex digits."""
        with reading(self._engine) as connection:
            return self._state_key(connection)

    def table_hashes(self) -> dict[str, str]:
        """Canonical hash of each table an undo must bring back; equal content, equal hash, on any database."""
        with reading(self._engine) as connection:
            return {name: hash_table(connection, table) for name, table in CONTENT_TABLES.items()}

    def record(self, user: str, act: str, what: dict[str, Any]) -> None:
        """Writes one line of audit (a view of exact counts, an export); ``what`` must hold no personal data."""
        with self._writing() as connection:
            connection.execute(insert(audit).values(at=_now(), user=user, act=act, what_json=to_json(what)))

    def audit_trail(self) -> pd.DataFrame:
        """``at, user, act, what_json``, the newest first."""
        with reading(self._engine) as connection:
            return _frame(connection, audit, ["at", "user", "act", "what_json"], order=("-id",))

    def last_act(self) -> int:
        """The number of the last audited act, 0 before the first; see `acts_since`."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(func.max(audit.c.id))).scalar() or 0)

    def acts_since(self, number: int) -> pd.DataFrame:
        """What was done after the act of that number, the oldest first: ``at, user, act, what`` (plain values)."""
        names = ["at", "user", "act", "what_json"]
        query = select(*(audit.c[name] for name in names)).where(audit.c.id > number).order_by(audit.c.id)
        with reading(self._engine) as connection:
            frame = pd.DataFrame(connection.execute(query).fetchall(), columns=names)
        frame["what"] = [json.loads(text) for text in frame.pop("what_json")]
        return frame

    def check(self) -> dict[str, Any]:
        """Counts a health check shows; raises when the database does not answer."""
        with reading(self._engine) as connection:
            count = {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in {**CONTENT_TABLES, "batch": batch, "skor_versi": skor_versi}.items()
            }
            return {"revision": self._state_key(connection), **count}

    # -- inside ------------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A writing transaction; another writer that does not end in time is ``DATABASE_BUSY``."""
        with ExitStack() as stack:
            try:
                connection = stack.enter_context(writing(self._engine))
            except OperationalError as fault:
                raise Refused("DATABASE_BUSY") from fault
            yield connection

    @staticmethod
    def _input_version(connection: Connection) -> str:
        query = select(batch.c.content).where(batch.c.status == ACTIVE).order_by(batch.c.created_at, batch.c.batch)
        contents = [*connection.execute(query).scalars()]
        preferred = select(pilihan.c.jenis, pilihan.c.indikator, pilihan.c.level, pilihan.c.source)
        if rows := [tuple(row) for row in connection.execute(preferred)]:
            contents.append(hash_rows(rows))
        return hash_text(read_state(connection, "gazetir") or "", *contents)[:16]

    def _state_key(self, connection: Connection) -> str:
        return hash_text(self._url, *identity(connection))[:16]

    def _expect(self, connection: Connection, expected: str | None) -> None:
        if expected is not None and self._input_version(connection) != expected:
            raise Refused("DATA_CHANGED")

    def _new_batch(self, connection: Connection, meta: BatchMeta, content: str) -> str:
        now = _now()
        name = next_number(connection, f"B{now:%Y%m%d}")
        connection.execute(
            insert(batch).values(
                batch=name,
                jenis=meta.jenis,
                file_name=meta.file_name,
                sha256=meta.sha256,
                source=meta.source,
                as_of=meta.as_of,
                user=meta.user,
                created_at=now,
                rows_read=meta.rows_read,
                rows_ok=meta.rows_ok,
                rows_error=meta.rows_error,
                rows_skipped=meta.rows_skipped,
                status=ACTIVE,
                data_contoh=meta.data_contoh,
                content=content,
                report_json=to_json(meta.report),
            )
        )
        self._note(connection, meta.user, "import", {"batch": name, "jenis": meta.jenis, "sha256": meta.sha256})
        return name

    @staticmethod
    def _note(connection: Connection, user: str, act: str, what: dict[str, Any]) -> None:
        """One audit line, and a new revision: screens must notice."""
        connection.execute(insert(audit).values(at=_now(), user=user, act=act, what_json=to_json(what)))
        bump(connection)


def _frame(connection: Connection, table: Table, names: list[str], order: tuple[str, ...]) -> pd.DataFrame:
    query = select(*(table.c[name] for name in names))
    for name in order:
        column = table.c[name.lstrip("-")]
        query = query.order_by(column.desc() if name.startswith("-") else column)
    return pd.DataFrame(connection.execute(query).fetchall(), columns=names)


def _now() -> dt.datetime:
    """The time on the office's clock, without its zone: both databases keep it the same way."""
    return dt.datetime.now().replace(microsecond=0)
