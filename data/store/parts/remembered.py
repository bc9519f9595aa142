"""What people confirmed, kept for the next file: names of villages and the meaning of columns."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from data.errors import WrongUse
from data.store.engine import reading
from data.store.part import Part
from data.store.parts import records


class Confirmed(Part):
    """The part of `data.store.store.Store` that remembers decisions of people; each is audited and can be undone."""

    def remember_alias(self, teks: str, kunci: str, kode: str, lingkup: str, sumber: str, user: str) -> int:
        """Keeps a name a person confirmed and returns its id; see `remember_aliases`."""
        one = {"teks": teks, "kunci": kunci, "kode": kode, "lingkup": lingkup, "sumber": sumber}
        return self.remember_aliases([one], user)[0]

    def remember_aliases(self, found: list[dict[str, str]], user: str) -> list[int]:
        """Keeps confirmed names in one transaction, audited, and returns their ids.

        Each has ``teks`` (as written), ``kunci`` (folded, as `data.intake.cells.text.name_key` folds), ``kode`` (the
        village meant), ``lingkup`` (code of the kecamatan, kabupaten or province it was written in) and ``sumber``
        (whose files it holds for; empty: everybody's). A name confirmed before for the same scope and source is
        replaced.
        """
        with self._writing() as connection:
            numbers = [
                records.add_alias(connection, dt.datetime.now().replace(microsecond=0), user, one) for one in found
            ]
            for one in found:
                self._note(connection, user, "remember_alias", dict(one))
        return numbers

    def aliases(self) -> pd.DataFrame:
        """Confirmed names: ``id, kunci, teks, lingkup, sumber, kode, user, created_at``."""
        with reading(self._engine) as connection:
            return records.read_aliases(connection)

    def forget_alias(self, number: int, user: str) -> None:
        """Takes a confirmed name back, audited. Raises `WrongUse` (``UNKNOWN_ALIAS``)."""
        with self._writing() as connection:
            found = records.drop_alias(connection, number)
            if found is None:
                raise WrongUse("UNKNOWN_ALIAS", number=number)
            self._note(connection, user, "forget_alias", {name: found[name] for name in ("kunci", "lingkup", "kode")})

    def remember_mapping(self, jenis: str, sumber: str, tajuk: str, kolom: dict[str, str], user: str) -> int:
        """Keeps the columns a person assigned (field → header) for tables of a kind and source whose set of headers
        has the hash ``tajuk``; audited. Returns its id.
        """
        with self._writing() as connection:
            number = records.add_mapping(
                connection, dt.datetime.now().replace(microsecond=0), user, jenis, sumber, tajuk, kolom
            )
            self._note(connection, user, "remember_mapping", {"jenis": jenis, "sumber": sumber, "kolom": kolom})
        return number

    def mappings(self) -> pd.DataFrame:
        """Remembered columns: ``id, jenis, sumber, tajuk, user, created_at, kolom`` (field → header)."""
        with reading(self._engine) as connection:
            return records.read_mappings(connection)

    def forget_mapping(self, number: int, user: str) -> None:
        """Takes remembered columns back, audited. Raises `WrongUse` (``UNKNOWN_MAPPING``)."""
        with self._writing() as connection:
            if not records.drop_mapping(connection, number):
                raise WrongUse("UNKNOWN_MAPPING", number=number)
            self._note(connection, user, "forget_mapping", {"id": number})

    def prefer_source(self, jenis: str, indikator: str, level: str, source: str, alasan: str, user: str) -> int:
        """Keeps which source a person prefers for a figure at a level, in place of the one before; audited.

        The scores' `input_version` changes with it. Returns its id. What may be preferred, and whether the reason may
        be kept, is decided by who calls (`campaign.intake.sources`).
        """
        one = {"jenis": jenis, "indikator": indikator, "level": level, "source": source, "alasan": alasan}
        with self._writing() as connection:
            number = records.set_preference(connection, dt.datetime.now().replace(microsecond=0), user, one)
            self._note(connection, user, "prefer_source", one)
        return number

    def preferences(self) -> pd.DataFrame:
        """Preferred sources: ``id, jenis, indikator, level, source, alasan, user, created_at``, the oldest first."""
        with reading(self._engine) as connection:
            return records.read_preferences(connection)

    def forget_preference(self, number: int, user: str) -> None:
        """Takes a preference back, audited. Raises `WrongUse` (``UNKNOWN_PREFERENCE``)."""
        with self._writing() as connection:
            found = records.drop_preference(connection, number)
            if found is None:
                raise WrongUse("UNKNOWN_PREFERENCE", number=number)
            self._note(connection, user, "forget_preference", found)
