"""What lies over the areas of the map: service points, seats, notes of colleagues, names of seas and neighbours.

It travels apart from the colours, as one JSON named by its hash, so that a change of colours sends nothing of it. Names
in it are plain text, which the browser sets as text.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from campaign.reading.snapshot import Snapshot
from data.domain.capitals import seats
from data.domain.surroundings import surroundings
from words import LANGUAGES, has, t

TILES, TILES_SOURCE = "PETA_AMAN_UBIN", "PETA_AMAN_UBIN_SUMBER"
"""Environment variables of an office that is online: the address of background tiles, and whom to name for them."""
_TILES = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9._~/{}?=&%-]*")


def tiles() -> dict[str, str] | None:
    """Address and source of the office's background tiles; None unless it set a usable address, as by default."""
    address = os.environ.get(TILES, "").strip()
    if not _TILES.fullmatch(address) or not all(part in address for part in ("{z}", "{x}", "{y}")):
        return None
    return {"alamat": address, "sumber": os.environ.get(TILES_SOURCE, "").strip() or urlsplit(address).netloc}


def tiles_origin() -> str:
    """Scheme and host of the tiles, for the server's security policy; empty without tiles."""
    known = tiles()
    return "{0.scheme}://{0.netloc}".format(urlsplit(known["alamat"])) if known else ""


def context(snapshot: Snapshot, *, notes: bool = False) -> tuple[str, bytes]:
    """The hash and the JSON of what lies over the map of a snapshot; ``notes``: with marks of the office's notes.

    ``titik`` [kind, lon, lat, name], ``pusat`` [code of a kabupaten, lon, lat], ``catatan`` codes of villages with a
    note, ``nama`` as `data.domain.surroundings` gives them, ``jenis`` {language: {kind: words}}, ``ubin`` when the
    office set tiles, ``jalan`` when it loaded roads (`geo.roads.read_roads`). Degrees, EPSG:4326.
    """
    return _context(snapshot, json.dumps(tiles()), notes)


@lru_cache(maxsize=4)
def _context(snapshot: Snapshot, _tiles: str, notes: bool) -> tuple[str, bytes]:
    villages = snapshot.places["desa"]
    kinds = sorted(set(snapshot.points["jenis"]))
    found: dict[str, Any] = {
        "titik": [
            [str(one["jenis"]), round(float(one["lon"]), 4), round(float(one["lat"]), 4), str(one["nama"])]
            for one in snapshot.points.to_dict("records")
        ],
        "pusat": _placed(seats(villages).dropna()),
        "catatan": sorted(set(snapshot.notes["kode"])) if notes else [],
        "nama": [name for province in sorted(set(villages.index.str[:2])) for name in surroundings(province)],
        "jenis": {
            lang: {kind: t(f"titik.{kind}", lang) if has(f"titik.{kind}") else kind for kind in kinds}
            for lang in LANGUAGES
        },
    }
    if snapshot.roads.get("garis"):
        found["jalan"] = dict(snapshot.roads)
    if known := json.loads(_tiles):
        found["ubin"] = known
    content = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.sha256(content).hexdigest()[:8], content


def _placed(places: pd.DataFrame) -> list[list[Any]]:
    """[code, lon, lat] of each row."""
    return [[str(kode), round(float(lon), 4), round(float(lat), 4)] for kode, lon, lat in places.itertuples(name=None)]
