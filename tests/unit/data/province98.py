"""Fictional province 98, small enough to read, so that no test of this room leans on real files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SHARED = Path(__file__).parents[3].parent / "shared" / "data"


def make_gazetteer() -> pd.DataFrame:
    """Province 98: two kabupaten and a town, six kecamatan, 24 villages; some names occur in several kecamatan."""
    rows = []
    kabupaten = [
        ("98.01", "Kabupaten Lontar", "9802"),
        ("98.02", "Kabupaten Cendana", "9801"),
        ("98.71", "Kota Lontar", "9871"),
    ]
    kecamatan = {
        "98.01": [("01", "Bukit Batu"), ("02", "Pantai Timur")],
        "98.02": [("01", "Bukit Batu"), ("02", "Lembah Sari")],
        "98.71": [("01", "Kota Raja"), ("02", "Oebobo Baru")],
    }
    villages = ["Sukamaju", "Tanah Merah", "Wae Rebo II", "Oe'sapa"]
    for kode_kab, kabupaten_name, bps_kab in kabupaten:
        for number, name in kecamatan[kode_kab]:
            for index, village in enumerate(villages, start=1):
                town = kode_kab == "98.71"
                rows.append(
                    {
                        "kode": f"{kode_kab}.{number}.{(1000 if town else 2000) + index}",
                        "nama": f"{village} {name.split()[0]}" if index == 2 else village,
                        "jenis": "kelurahan" if town else "desa",
                        "kode_kec": f"{kode_kab}.{number}",
                        "kecamatan": name,
                        "kode_kab": kode_kab,
                        "kabupaten": kabupaten_name,
                        "kode_prov": "98",
                        "kode_bps": f"{bps_kab}{int(number) * 10:03d}{index:03d}",
                        "penduduk": np.nan if index == 4 else 1000.0 + 100 * index,
                        "kode_lama": f"{kode_kab}.{number}.29{index:02d}" if index == 3 else "",
                        "lon": 120.0 + index / 100,
                        "lat": -9.0 - int(number) / 100,
                        "elevasi": np.nan,
                        "presisi_titik": "desa",
                    }
                )
    return pd.DataFrame(rows).sort_values("kode", ignore_index=True)
