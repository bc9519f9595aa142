"""Where a kabupaten is governed from, roughly, and how far each village is from there.

No public set of coordinates of the seats was found, but the seat is where the kelurahan are: urban villages of a
kabupaten cluster in its capital. Good to a few kilometres, which is what a sense of remoteness needs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.domain.distance import distance_km


def distance_to_seat(villages: pd.DataFrame) -> pd.Series:
    """Kilometres (straight line) from each village to the seat of its kabupaten, NaN without coordinates.

    ``villages`` has ``kode_kab, kode_kec, jenis, lon, lat`` (degrees, EPSG:4326). The seat is the middle of the
    kecamatan with most kelurahan; in a kabupaten without kelurahan, the village nearest to all others.
    """
    at = seats(villages).reindex(villages["kode_kab"]).to_numpy(float)
    return pd.Series(distance_km(villages["lon"], villages["lat"], at[:, 0], at[:, 1]), index=villages.index)


def seats(villages: pd.DataFrame) -> pd.DataFrame:
    """``lon, lat`` (degrees) of the seat of each kabupaten, by its code; NaN where no village has coordinates."""
    return pd.DataFrame(villages.groupby("kode_kab", sort=False)[["kode_kec", "jenis", "lon", "lat"]].apply(_seat))


def _seat(villages: pd.DataFrame) -> pd.Series:
    placed = villages.dropna(subset=["lon", "lat"])
    if placed.empty:
        return pd.Series({"lon": np.nan, "lat": np.nan})
    urban = placed[placed["jenis"] == "kelurahan"]
    if urban.empty:
        lon, lat = placed["lon"].to_numpy(float), placed["lat"].to_numpy(float)
        nearest = distance_km(lon[:, None], lat[:, None], lon[None, :], lat[None, :]).sum(axis=1).argmin()
        return pd.Series({"lon": lon[nearest], "lat": lat[nearest]})
    counts = urban["kode_kec"].value_counts()
    capital = sorted(counts.index[counts == counts.max()])[0]
    return urban.loc[urban["kode_kec"] == capital, ["lon", "lat"]].median()
