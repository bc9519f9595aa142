"""How villages are reached: which island they lie on, how far from their kecamatan's middle and kabupaten's seat.

Distances are straight lines; what a road or a boat makes of them is an assumption of the plan
(`campaign.planning.effort`).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from data.domain.capitals import distance_to_seat
from data.domain.distance import distance_km
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import composition, registered
from geo.frame import village_frame
from geo.proximity.close import close_pairs

NAMES = Path(__file__).parents[1] / "embedded" / "islands_53.csv"
"""Islands known by the kecamatan or kabupaten on them: ``kode, pulau``, the first that is found names the island."""
STRAIT_DEGREES, COARSE_DEGREES = 1e-3, 3e-3
"""About 110 m, and 330 m where a coast is approximate: the narrowest strait between islands of NTT is some 300 m."""


_KEPT: dict[str, pd.DataFrame] = {}
"""The newest table by what it was made from: plans are made again and again over the same boundaries."""


def travel_table(store: Store, workspace: Workspace, frame: gpd.GeoDataFrame | None = None) -> pd.DataFrame:
    """One row per village, sorted by ``kode``: ``pulau`` (name of the island), ``km_kec`` (km to the middle of the
    kecamatan), ``km_kab`` (km from that middle to the kabupaten's seat), ``laut_kec`` (bool: another island than most
    villages of the kecamatan), ``laut_kab`` (bool: the kecamatan lies on another island than the seat).

    An island is what villages without sea between them make up; one without polygon lies on its nearest neighbour's.
    Villages without any place are taken to lie at the middle of their kecamatan, on its island. ``frame``: the village
    frame with geometry where it is at hand.
    """
    columns = ["kode", "jenis", "kode_kec", "kode_kab", "lon", "lat"]
    rows = pd.util.hash_pandas_object(store.gazetteer.villages()[columns], index=False).to_numpy().tobytes()
    made_from = hashlib.sha256(json.dumps([str(workspace.path), registered(store)]).encode() + rows).hexdigest()
    table = _KEPT.get(made_from)
    if table is None:
        table = _measured(store, workspace, village_frame(store, workspace) if frame is None else frame)
        _KEPT.clear()
        _KEPT[made_from] = table
    return table.copy()


def _measured(store: Store, workspace: Workspace, frame: gpd.GeoDataFrame) -> pd.DataFrame:
    villages = pd.DataFrame(frame.drop(columns="geometry"))
    force = composition(store, workspace)
    island = islands(frame, frame["kode_kab"].isin(force.approximate if force else frame["kode_kab"]))
    middle = villages.groupby("kode_kec")[["lon", "lat"]].median()
    middle = middle.join(villages.drop_duplicates("kode_kec").set_index("kode_kec")[["kode_kab"]])
    middle = middle.fillna(middle.groupby("kode_kab")[["lon", "lat"]].transform("median"))
    own = middle.reindex(villages["kode_kec"])
    to_middle = distance_km(villages["lon"], villages["lat"], own["lon"].to_numpy(), own["lat"].to_numpy())
    away = distance_to_seat(villages)
    nearest = villages.assign(away=away.to_numpy(), island=island.to_numpy()).sort_values("away")
    seat_island = nearest.drop_duplicates("kode_kab").set_index("kode_kab")["island"]
    main_island = island.groupby(villages["kode_kec"].to_numpy()).agg(lambda group: group.mode().iloc[0])
    trip = away.groupby(villages["kode_kec"]).median()
    trip = trip.fillna(trip.groupby(trip.index.str[:5]).transform("median")).fillna(0.0)
    of_kec = main_island.reindex(villages["kode_kec"]).to_numpy()
    return pd.DataFrame(
        {
            "kode": villages["kode"].to_numpy(),
            "pulau": island.map(island_names(villages["kode"], island)).to_numpy(),
            "km_kec": np.nan_to_num(to_middle),
            "km_kab": trip.reindex(villages["kode_kec"]).to_numpy(),
            "laut_kec": island.to_numpy() != of_kec,
            "laut_kab": of_kec != seat_island.reindex(villages["kode_kab"]).to_numpy(),
        }
    )


def islands(frame: gpd.GeoDataFrame, approximate: pd.Series) -> pd.Series:
    """A number per village of ``frame`` (row order): equal where polygons hang together.

    Polygons less than `STRAIT_DEGREES` apart do: rivers and flaws of a boundary file are no sea. Where boundaries are
    ``approximate`` (bool per village) a coarse coast cuts off villages that lie on the shore, so a kecamatan is taken
    to lie on one island there.
    """
    areal = frame["punya_poligon"].to_numpy(dtype=bool)
    of = np.flatnonzero(areal)
    shapes = frame.geometry.to_numpy()[areal]
    apart = COARSE_DEGREES if approximate.any() else STRAIT_DEGREES
    ends = of[close_pairs(shapes, apart)].T
    graph = coo_array((np.ones(ends.shape[1]), ends), shape=(len(frame), len(frame)))
    group = connected_components(graph, directed=False)[1]
    lon, lat = frame["lon"].to_numpy(float), frame["lat"].to_numpy(float)
    placed = np.flatnonzero(areal & ~np.isnan(lon))
    for i in np.flatnonzero(~areal):
        same = placed[frame["kode_kec"].to_numpy()[placed] == frame["kode_kec"].to_numpy()[i]]
        pool = placed if len(same) == 0 else same
        if len(pool):
            away = distance_km(lon[pool], lat[pool], lon[i], lat[i])
            group[i] = group[pool[0 if np.isnan(away).all() else int(np.nanargmin(away))]]
    island = pd.Series(group, index=frame.index)
    main = island.groupby(frame["kode_kec"]).transform(lambda of_kec: of_kec.mode().iloc[0])
    return island.where(~approximate, main)


def island_names(codes: pd.Series, island: pd.Series) -> dict[int, str]:
    """A name for each island number: a known one, else that of the kecamatan with most villages on it (its code).

    ``codes`` and ``island`` in the same order.
    """
    known = pd.read_csv(NAMES, dtype=str, comment="#")
    names: dict[int, str] = {}
    taken: set[str] = set()
    kode, number = codes.to_numpy(dtype=str), island.to_numpy()
    for place, name in zip(known["kode"], known["pulau"], strict=True):
        on = number[np.char.startswith(kode, place + ".")]
        if len(on) and name not in taken:
            most = int(np.bincount(on).argmax())
            if most not in names:
                names[most] = name
                taken.add(name)
    for rest in np.unique(number):
        if rest not in names:
            names[int(rest)] = str(pd.Series(kode[number == rest]).str[:8].mode().iloc[0])
    return names
