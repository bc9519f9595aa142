"""Areas with their names and the areas that hold them."""

from __future__ import annotations

import pandas as pd

from data.errors import WrongUse
from data.store.store import Store


def places_of(store: Store, level: str) -> pd.DataFrame:
    villages = store.gazetteer.villages()
    if level == "desa":
        return villages.rename(columns={"nama": "desa"})[
            ["kode", "desa", "kode_kec", "kecamatan", "kode_kab", "kabupaten"]
        ]
    if level == "kecamatan":
        areas = villages.drop_duplicates("kode_kec")[["kode_kec", "kecamatan", "kode_kab", "kabupaten"]]
        return areas.assign(kode=areas["kode_kec"], desa="")
    if level == "kabupaten":
        areas = villages.drop_duplicates("kode_kab")[["kode_kab", "kabupaten"]]
        return areas.assign(kode=areas["kode_kab"], desa="", kode_kec="", kecamatan="")
    raise WrongUse("UNKNOWN_LEVEL", level=level)
