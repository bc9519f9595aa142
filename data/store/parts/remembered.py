"""What people decided, kept for the next file: names of villages, the meaning of columns, preferred sources."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, insert, select

from data.errors import WrongUse
from data.store.content import to_json
from data.store.frames import query_frame
from data.store.part import Part, note_act, now
from data.store.tables import alias, pemetaan, pilihan

_FIGURE = ("jenis", "indikator", "level")
"""What a preferred source is preferred for."""
_ALIAS_COLUMNS = ("id", "kunci", "teks", "lingkup", "sumber", "kode", "user", "created_at")


class Names(Part):
    """``store.names``: which village a written name means; each decision is audited and can be undone."""

    def remember(self, teks: str, kunci: str, kode: str, lingkup: str, sumber: str, user: str) -> int:
        """Keeps a name a person confirmed and returns its id; see `remember_all`."""
        one = {"teks": teks, "kunci": kunci, "kode": kode, "lingkup": lingkup, "sumber": sumber}
        return self.remember_all([one], user)[0]

    def remember_all(self, found: list[dict[str, str]], user: str) -> list[int]:
        """Keeps confirmed names in one transaction, audited, and returns their ids.

        Each has ``teks`` (as written), ``kunci`` (folded, as `data.intake.cells.text.name_key` folds), ``kode`` (the
        village meant), ``lingkup`` (code of the kecamatan, kabupaten or province it was written in) and ``sumber``
        (whose files it holds for; empty: everybody's). A name confirmed before for the same scope and source is
        replaced.
        """
        with self._writing() as connection:
            numbers = [_add_alias(connection, now(), user, one) for one in found]
            for one in found:
                note_act(connection, user, "remember_alias", dict(one))
        return numbers

    def all(self) -> pd.DataFrame:
        """Confirmed names: ``id, kunci, teks, lingkup, sumber, kode, user, created_at``."""
        with self._reading() as connection:
            return _read_aliases(connection)

    def forget(self, number: int, user: str) -> None:
        """Takes a confirmed name back, audited. Raises `WrongUse` (``UNKNOWN_ALIAS``)."""
        with self._writing() as connection:
            found = _drop_alias(connection, number)
            if found is None:
                raise WrongUse("UNKNOWN_ALIAS", number=number)
            note_act(connection, user, "forget_alias", {name: found[name] for name in ("kunci", "lingkup", "kode")})


class ColumnMeanings(Part):
    """``store.columns``: what the columns of a source's tables hold, as a person assigned them."""

    def remember(self, jenis: str, sumber: str, tajuk: str, kolom: dict[str, str], user: str) -> int:
        """Keeps the columns a person assigned (field → header) for tables of a kind and source whose set of headers
        has the hash ``tajuk``; audited. Returns its id.
        """
        with self._writing() as connection:
            number = _add_mapping(connection, now(), user, jenis, sumber, tajuk, kolom)
            note_act(connection, user, "remember_mapping", {"jenis": jenis, "sumber": sumber, "kolom": kolom})
        return number

    def all(self) -> pd.DataFrame:
        """Remembered columns: ``id, jenis, sumber, tajuk, user, created_at, kolom`` (field → header)."""
        with self._reading() as connection:
            return _read_mappings(connection)

    def forget(self, number: int, user: str) -> None:
        """Takes remembered columns back, audited. Raises `WrongUse` (``UNKNOWN_MAPPING``)."""
        with self._writing() as connection:
            if not _drop_mapping(connection, number):
                raise WrongUse("UNKNOWN_MAPPING", number=number)
            note_act(connection, user, "forget_mapping", {"id": number})


class Preferences(Part):
    """``store.preferences``: which source is used where several give the same figure."""

    def set(self, jenis: str, indikator: str, level: str, source: str, alasan: str, user: str) -> int:
        """Keeps which source a person prefers for a figure at a level, in place of the one before; audited.

        The scores' `input_version` changes with it. Returns its id. What may be preferred, and whether the reason may
        be kept, is decided by who calls (`campaign.intake.sources`).
        """
        one = {"jenis": jenis, "indikator": indikator, "level": level, "source": source, "alasan": alasan}
        with self._writing() as connection:
            number = _set_preference(connection, now(), user, one)
            note_act(connection, user, "prefer_source", one)
        return number

    def all(self) -> pd.DataFrame:
        """Preferred sources: ``id, jenis, indikator, level, source, alasan, user, created_at``, the oldest first."""
        with self._reading() as connection:
            return _read_preferences(connection)

    def forget(self, number: int, user: str) -> None:
        """Takes a preference back, audited. Raises `WrongUse` (``UNKNOWN_PREFERENCE``)."""
        with self._writing() as connection:
            found = _drop_preference(connection, number)
            if found is None:
                raise WrongUse("UNKNOWN_PREFERENCE", number=number)
            note_act(connection, user, "forget_preference", found)


def _add_alias(connection: Connection, at: dt.datetime, user: str, one: dict[str, str]) -> int:
    """Keeps one confirmed name, in place of what was confirmed for it before; returns its id."""
    same = [alias.c[name] == one[name] for name in ("kunci", "lingkup", "sumber")]
    connection.execute(delete(alias).where(*same))
    values = {name: one[name] for name in ("kunci", "teks", "lingkup", "sumber", "kode")}
    connection.execute(insert(alias).values(**values, user=user, created_at=at))
    return int(connection.execute(select(alias.c.id).where(*same)).scalar_one())


def _drop_alias(connection: Connection, number: int) -> dict[str, Any] | None:
    """Forgets a confirmed name; returns what it was, None when there is none of that id."""
    found = connection.execute(select(*alias.c).where(alias.c.id == number)).mappings().first()
    if found is not None:
        connection.execute(delete(alias).where(alias.c.id == number))
    return dict(found) if found is not None else None


def _read_aliases(connection: Connection) -> pd.DataFrame:
    """Every confirmed name, the oldest first."""
    query = select(*(alias.c[name] for name in _ALIAS_COLUMNS)).order_by(alias.c.id)
    return query_frame(connection, query)


def _add_mapping(
    connection: Connection, at: dt.datetime, user: str, jenis: str, sumber: str, tajuk: str, kolom: dict[str, str]
) -> int:
    """Keeps one assignment of columns, in place of the one before; returns its id."""
    same = [pemetaan.c.jenis == jenis, pemetaan.c.sumber == sumber, pemetaan.c.tajuk == tajuk]
    connection.execute(delete(pemetaan).where(*same))
    connection.execute(
        insert(pemetaan).values(
            jenis=jenis, sumber=sumber, tajuk=tajuk, kolom_json=to_json(kolom), user=user, created_at=at
        )
    )
    return int(connection.execute(select(pemetaan.c.id).where(*same)).scalar_one())


def _drop_mapping(connection: Connection, number: int) -> bool:
    """Forgets an assignment of columns; False when there is none of that id."""
    return connection.execute(delete(pemetaan).where(pemetaan.c.id == number)).rowcount > 0


def _read_mappings(connection: Connection) -> pd.DataFrame:
    """``id, jenis, sumber, tajuk, kolom (field → header), user, created_at``, the oldest first."""
    names = ["id", "jenis", "sumber", "tajuk", "kolom_json", "user", "created_at"]
    query = select(*(pemetaan.c[name] for name in names)).order_by(pemetaan.c.id)
    frame = query_frame(connection, query, names)
    frame["kolom"] = [json.loads(text) for text in frame.pop("kolom_json")]
    return frame


def _set_preference(connection: Connection, at: dt.datetime, user: str, one: dict[str, str]) -> int:
    """Keeps one preferred source, in place of the one before for the same figure; returns its id."""
    same = [pilihan.c[name] == one[name] for name in _FIGURE]
    connection.execute(delete(pilihan).where(*same))
    connection.execute(insert(pilihan).values(**one, user=user, created_at=at))
    return int(connection.execute(select(pilihan.c.id).where(*same)).scalar_one())


def _drop_preference(connection: Connection, number: int) -> dict[str, Any] | None:
    """Forgets a preferred source; returns what it was for, None when there is none of that id."""
    query = select(*(pilihan.c[name] for name in (*_FIGURE, "source"))).where(pilihan.c.id == number)
    found = connection.execute(query).mappings().first()
    if found is not None:
        connection.execute(delete(pilihan).where(pilihan.c.id == number))
    return dict(found) if found is not None else None


def _read_preferences(connection: Connection) -> pd.DataFrame:
    """Every preferred source, the oldest first."""
    names = ["id", *_FIGURE, "source", "alasan", "user", "created_at"]
    query = select(*(pilihan.c[name] for name in names)).order_by(pilihan.c.id)
    return query_frame(connection, query, names)


def preferred_rows(connection: Connection, facts: pd.DataFrame) -> pd.Series:
    """Which ``facts`` are of a source a person prefers for that figure (bool, same index)."""
    columns = [*_FIGURE, "source"]
    wanted = {tuple(row) for row in _read_preferences(connection)[columns].itertuples(index=False, name=None)}
    if not wanted:
        return pd.Series(False, facts.index)
    return pd.Series(pd.MultiIndex.from_frame(facts[columns]).isin(wanted), facts.index)
