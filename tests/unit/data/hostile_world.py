"""Fictional province 97 and the means to make its dirty files; every case has the one outcome that is right.

The province is made to hurt: village names come back in every kecamatan, kecamatan names in two kabupaten, a kabupaten
and a town share a name, and most ten-digit BPS codes are valid Kemendagri codes of other villages.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import pandas as pd

KABUPATEN = {
    "97.01": ("Kabupaten Lontar", "9702"),
    "97.02": ("Kabupaten Cendana", "9701"),
    "97.03": ("Kabupaten Bukit Karang", "9705"),
    "97.71": ("Kota Lontar", "9771"),
}
KECAMATAN = {
    "97.01": ("Bukit Batu", "Pantai Timur"),
    "97.02": ("Bukit Batu", "Lembah Sari"),
    "97.03": ("Karang Utara", "Karang Selatan"),
    "97.71": ("Kota Raja", "Oebobo Baru"),
}
NAMES = ("Sukamaju", "Tanah Merah", "Wae Rebo I", "Wae Rebo II", "Oe'sapa")
OWN = {
    "97.01.01": "Noemuti",
    "97.01.02": "Bakustulama",
    "97.02.01": "Fatukoto",
    "97.02.02": "Lelogama",
    "97.03.01": "Nunbena",
    "97.03.02": "Tobu Dalam",
    "97.71.01": "Mollo Jaya",
    "97.71.02": "Sasi",
}


@dataclass(frozen=True)
class Want:
    """What must come of a file: ``reasons`` of a refusal (any of them), or the row errors, or what is stored."""

    reasons: tuple[str, ...] = ()
    errors: frozenset[tuple[int, str]] = frozenset()
    values: dict[str, float | None] | None = None
    total: float | None = None
    skipped: tuple[int, ...] | None = None
    said: frozenset[str] = frozenset()
    rows: int | None = None


@dataclass(frozen=True)
class Case:
    """One file as it arrives. ``secrets`` may appear nowhere afterwards."""

    name: str
    kind: str
    content: bytes
    file_name: str
    want: Want
    options: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


def no(*reasons: str) -> Want:
    """The file is refused."""
    return Want(reasons=reasons)


def bad(*errors: tuple[int, str]) -> Want:
    """These rows have these errors, and no others have any."""
    return Want(errors=frozenset(errors))


def ok(
    values: dict[str, float | None] | None = None,
    *,
    total: float | None = None,
    skipped: tuple[int, ...] | None = None,
    said: str = "",
    rows: int | None = None,
) -> Want:
    """Stored as a whole: values by code, or their sum."""
    return Want(values=values, total=total, skipped=skipped, said=frozenset(said.split()), rows=rows)


def kode(kab: str, kec: int, number: int) -> str:
    """Kemendagri code of a village, ``kode("01", 1, 3)``."""
    return f"97.{kab}.{kec:02d}.{(1000 if kab == '71' else 2000) + number}"


def digits(kab: str, kec: int, number: int) -> str:
    return kode(kab, kec, number).replace(".", "")


def bps(kab: str, kec: int, number: int) -> str:
    """BPS code of a village: most are valid Kemendagri codes of other villages."""
    return f"{KABUPATEN[f'97.{kab}'][1]}{kec:02d}{1 if kab == '71' else 2}{number % 6 + 1:03d}"


def make_province() -> pd.DataFrame:
    """The gazetteer of province 97 in the store's form: 4 kabupaten, 8 kecamatan, 48 villages."""
    rows = []
    for kode_kab, (kabupaten, _) in KABUPATEN.items():
        for kec, kecamatan in enumerate(KECAMATAN[kode_kab], start=1):
            for number, nama in enumerate((*NAMES, OWN[f"{kode_kab}.{kec:02d}"]), start=1):
                own = kode(kode_kab[3:], kec, number)
                old = {3: f"{own[:8]}.29{number:02d}", 4: f"{own[:8]}.2914;97.09.{kec:02d}.20{int(kode_kab[3:]):02d}"}
                rows.append(
                    {
                        "kode": own,
                        "nama": nama,
                        "jenis": "kelurahan" if kode_kab == "97.71" else "desa",
                        "kode_kec": own[:8],
                        "kecamatan": kecamatan,
                        "kode_kab": kode_kab,
                        "kabupaten": kabupaten,
                        "kode_prov": "97",
                        "kode_bps": bps(kode_kab[3:], kec, number),
                        "penduduk": 1000.0 + 100 * number,
                        "kode_lama": old.get(number, ""),
                        "lon": 121.0 + kec / 10 + number / 100,
                        "lat": -9.0 - int(kode_kab[3:]) / 100,
                        "elevasi": float("nan"),
                        "presisi_titik": "desa",
                    }
                )
    return pd.DataFrame(rows).sort_values("kode", ignore_index=True)


def lines(*rows: str, end: str = "\n") -> bytes:
    return (end.join(rows) + end).encode()


def book(
    *rows: list[Any], merge: tuple[str, ...] = (), edit: Callable[[Any, Any], None] | None = None, sheet: str = "Rekap"
) -> bytes:
    """A workbook of one sheet; ``edit`` changes it before it is saved."""
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    first.title = sheet
    for row in rows:
        first.append(row)
    for area in merge:
        first.merge_cells(area)
    if edit is not None:
        edit(made, first)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def rezip(content: bytes, change: dict[str, bytes], drop: tuple[str, ...] = ()) -> bytes:
    """An archive with members replaced, added or left out."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name not in change and name not in drop:
                out.writestr(name, source.read(name))
        for name, data in change.items():
            out.writestr(name, data)
    return target.getvalue()
