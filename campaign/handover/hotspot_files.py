"""Hot spots as a file: P(RR > 2) and three second opinions per area, in words a reader can check."""

from __future__ import annotations

import pandas as pd

from campaign.model.scoring import find_hotspots
from campaign.reading.places import places_of
from data.domain.actor import Actor
from data.domain.levels import Level
from data.store.store import Store
from data.workspace import Workspace

ABOUT = "konsentrasi"


def hotspot_rows(actor: Actor, store: Store, workspace: Workspace, *, level: Level = Level.DESA) -> pd.DataFrame:
    """One row per area of ``level``, sorted by code: places, `risk.clusters.hotspots.HOTSPOT_COLUMNS`, ``versi``,
    ``data_contoh``.

    Raises `WrongUse` (``NO_SCORE``) when nothing has been scored yet.
    """
    version = store.scores.needed_version()
    places = places_of(store, level)[["kode", "desa", "kode_kec", "kecamatan", "kode_kab", "kabupaten"]]
    rows = places.merge(find_hotspots(actor, store, workspace, level), left_on="kode", right_index=True, how="left")
    rows["versi"] = version.versi
    rows["data_contoh"] = version.data_contoh
    return rows.sort_values("kode", ignore_index=True)
