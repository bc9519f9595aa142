"""The code crosswalk: for each village its BPS code, the codes it had before, the names it had or has elsewhere."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

from data.domain.codes import digits_of, dotted
from data.errors import Refused
from data.intake.cells.code_cells import read_code
from data.intake.cells.text import name_key, shorten
from data.intake.files.raw import Cell
from data.intake.header.synonyms import BPS_HEADERS, FIELD_OF
from data.intake.kinds.records import RecordReader
from data.intake.places.gazetteer_index import Area
from data.intake.places.names import agreement
from data.intake.places.systems import kemendagri_area

_CODE_WORD = re.compile(r"\b(?:kode|code|kd|id)\b")
_OLD = re.compile(r"\b(?:lama|old(?:er)?|retired|former|sebelum\w*|terdahulu|usang|dihapus|mati)\b")
_NEXT = re.compile(r"\b(?:successors?|penerus|pengganti)\b")
_NOW = re.compile(r"\b(?:baru|sekarang|kini|current|berlaku)\b")
_NAME_WORD = re.compile(r"\b(?:nama|name|names|alias|ejaan|desa)\b")
_OTHER_NAME = re.compile(
    r"\b(?:(?:mfd ?)?(?:19|20)\d\d|mfd ?\d*|bps|lain|lainnya|other|alias|rbi\w*|ejaan|hdx|idm|sebutan)\b"
)
_SEPARATORS = re.compile(r"\s*[;|,]\s*")
_AGREE_SHARE = 0.5
"""Below this share of rows whose names fit their codes, codes and names do not belong together."""


class CrosswalkReader(RecordReader):
    """Reads crosswalk tables of both shapes: a row per village, or a row per retired code with its successors."""

    many = frozenset({"nama_lama", "lama"})
    place_fields = {"kode": "kode_desa", "nama": "desa"}  # noqa: RUF012
    value_fields = ("bps", "lama", "nama_lama")

    def field_of(self, key: str) -> str | None:
        plain = FIELD_OF.get(key)
        if plain in ("kode_kec", "kode_kab", "kode_prov", "kecamatan", "kabupaten", "provinsi"):
            return None
        if _NEXT.search(key):
            return None if _NAME_WORD.search(key.replace("same name", "")) else "kode"
        if _OLD.search(key):
            return "lama" if _CODE_WORD.search(key) else "nama_lama" if _NAME_WORD.search(key) else None
        if key in BPS_HEADERS or (re.search(r"\bbps\b", key) and _CODE_WORD.search(key)):
            return "bps"
        if plain in ("kode", "kode_desa") or (_CODE_WORD.search(key) and _NOW.search(key)):
            return "kode"
        if _NAME_WORD.search(key) and _OTHER_NAME.search(key):
            return "nama_lama"
        return "nama" if plain in ("desa", "nama") else None

    def lacking(self, fields: set[str]) -> str | None:
        if "kode" not in fields:
            return "kode"
        return None if fields & set(self.value_fields) else "kode_bps"

    def prepare(self) -> None:
        self._rows_of_bps: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._rows_of_kode: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._told = self._agreed = 0

    def read_row(self, number: int, cells: list[Cell]) -> list[dict[str, Any]]:
        successors = self._villages(number, cells)
        if successors is None:
            return []
        area = successors[0] if len(successors) == 1 else None
        found: list[tuple[str, str, str]] = []
        if area is not None:
            self._check_names(number, cells, area)
            found += self._bps(number, cells, area)
            found += [("nama", name, area.kode) for name in self._older_names(cells, area)]
        for old in self._retired(number, cells, successors):
            found += [("lama", old, one.kode) for one in successors] or [("lama", old, "")]
            if len(successors) != 1:
                self.notes["RETIRED_SEVERAL" if successors else "RETIRED_NO_SUCCESSOR"].append(number)
        return [{"jenis": jenis, "nilai": nilai, "kode": kode, "row": number} for jenis, nilai, kode in found]

    def finish(self) -> None:
        """A BPS code of two villages, a village with two BPS codes: both rows are told, neither is chosen."""
        for rows in self._rows_of_bps.values():
            self._twice(rows, "bps")
        for rows in self._rows_of_kode.values():
            self._twice(rows, "kode")
        if self._told >= 3 and self._agreed < self._told * _AGREE_SHARE:
            raise Refused("CODE_SYSTEM_MISMATCH", rows=self._told - self._agreed, total=self._told)

    def totals(self) -> dict[str, float]:
        bad = {issue.row for issue in self.errors}
        sums: dict[str, float] = {"kode_bps": 0, "kode_lama": 0, "nama_lama": 0}
        names = {"bps": "kode_bps", "lama": "kode_lama", "nama": "nama_lama"}
        for record in self.records:
            if record["row"] not in bad:
                sums[names[record["jenis"]]] += 1
        return sums

    # -- inside ------------------------------------------------------------------------------------------------

    def _villages(self, number: int, cells: list[Cell]) -> list[Area] | None:
        """The villages of the code cell (several are possible successors); None when it is faulty."""
        cell = self.cell(cells, "kode")
        parts: list[Cell] = (
            list(_SEPARATORS.split(cell)) if isinstance(cell, str) and "lama" in self.columns.at else [cell]
        )
        found = []
        for part in parts:
            code = read_code(part)
            shown = shorten(str(part or ""))
            if code.reason:
                self.issue(number, "kode", code.reason, value=shown)
                return None
            if not code.digits:
                continue
            if self.index.provinces and code.digits[:2] not in self.index.provinces:
                self.issue(number, "kode", "OUTSIDE_PROVINCE", value=shown)
                return None
            area = kemendagri_area(self.index, code.digits)
            if area is None:
                reason = "UNKNOWN_CODE" if len(code.digits) == 10 else "BAD_CODE"
                self.issue(number, "kode", reason, value=dotted(code.digits) if len(code.digits) == 10 else shown)
                return None
            if area.level != "desa":
                self.issue(number, "kode", "WRONG_LEVEL", value=area.kode, level=area.level, expected="desa")
                return None
            if digits_of(area.kode) != code.digits:
                self.notes["RETIRED_CODE"].append(number)
            found.append(area)
        if not found and not any(self.cell(cells, "lama", at) for at in range(len(self.columns.at.get("lama", ())))):
            self.issue(number, "kode", "BAD_CODE", value="")
            return None
        return list(dict.fromkeys(found))

    def _check_names(self, number: int, cells: list[Cell], area: Area) -> None:
        name = self.text(cells, "nama")
        others = [self._cell_text(cells, at) for at in range(len(self.columns.at.get("nama_lama", ())))]
        verdicts = [agreement(self.index, area, text, "", "") for text in [name, *others] if text]
        if verdicts:
            self._told += 1
            self._agreed += any(verdict in ("sama", "mirip") for verdict in verdicts)
        if name and verdicts[0] == "beda":
            self.issue(number, "nama", "NAME_CODE_MISMATCH", value=shorten(name), kode=area.kode, nama=area.nama)

    def _bps(self, number: int, cells: list[Cell], area: Area) -> list[tuple[str, str, str]]:
        cell = self.cell(cells, "bps")
        code = read_code(cell)
        if code.reason or (code.digits and len(code.digits) != 10):
            self.issue(number, "bps", code.reason or "BAD_CODE", value=shorten(str(cell)))
            return []
        if not code.digits:
            return []
        kabupaten = self.index.bps.get(code.digits[:4])
        if code.digits[:2] != area.kode[:2] or (kabupaten is not None and kabupaten != area.kode_kab):
            self.issue(number, "bps", "NAME_CODE_MISMATCH", value=code.digits, kode=area.kode, nama=area.nama)
            return []
        self._rows_of_bps[code.digits].append((number, area.kode))
        self._rows_of_kode[area.kode].append((number, code.digits))
        return [("bps", code.digits, area.kode)]

    def _retired(self, number: int, cells: list[Cell], successors: list[Area]) -> list[str]:
        """Retired codes of a row; a code that is still in use by another village is remarked and left out."""
        found = []
        for at in range(len(self.columns.at.get("lama", ()))):
            for part in _SEPARATORS.split(self._cell_text(cells, at, "lama")):
                code = read_code(part)
                if code.reason or (code.digits and len(code.digits) != 10):
                    self.issue(number, "lama", code.reason or "BAD_CODE", value=shorten(part))
                elif code.digits and (old := dotted(code.digits)) not in {area.kode for area in successors}:
                    if old in self.index.areas:
                        self.notes["RETIRED_STILL_USED"].append(number)
                    else:
                        found.append(old)
        return list(dict.fromkeys(found))

    def _older_names(self, cells: list[Cell], area: Area) -> list[str]:
        names: dict[str, str] = {}
        for at in range(len(self.columns.at.get("nama_lama", ()))):
            for text in re.split(r"\s*[;|]\s*", self._cell_text(cells, at)):
                key = name_key(text)
                if re.search(r"[a-z]", key) and key != area.key:
                    names.setdefault(key, text)
        return list(names.values())

    def _cell_text(self, cells: list[Cell], at: int, name: str = "nama_lama") -> str:
        cell = self.cell(cells, name, at)
        return "" if cell is None or cell in ("-", "–") else f"{cell:.0f}" if isinstance(cell, float) else str(cell)

    def _twice(self, rows: list[tuple[int, str]], name: str) -> None:
        first = rows[0]
        for row, other in rows[1:]:
            self.issue(row, name, "DUPLICATE_KEY", other=str(first[0]), kode=other)
            if other != first[1]:
                issue = (first[0], "DUPLICATE_KEY")
                if issue not in {(one.row, one.reason) for one in self.errors}:
                    self.issue(first[0], name, "DUPLICATE_KEY", other=str(row), kode=first[1])
