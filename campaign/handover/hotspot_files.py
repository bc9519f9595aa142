"""Hot spots as a file: P(RR > 2) and three second opinions per area, in words a reader can check."""

from __future__ import annotations

from typing import Any

import pandas as pd

from campaign.handover.export import places_of
from data.errors import WrongUse
from data.workspace import Workspace

ABOUT = "konsentrasi"


def hotspot_rows(store: Any, workspace: Workspace, *, level: str = "desa", user: str = "") -> pd.DataFrame:
    """One row per area of ``level``, sorted by code: places, `risk.clusters.hotspots.HOTSPOT_COLUMNS`, ``versi``,
    ``data_contoh``.

    Raises `WrongUse` (``NO_SCORE``) when nothing has been scored yet.
    """
    from risk.clusters.hotspots import hotspots

    version = store.score_version()
    if version is None:
        raise WrongUse("NO_SCORE")
    places = places_of(store, level)[["kode", "desa", "kode_kec", "kecamatan", "kode_kab", "kabupaten"]]
    rows = places.merge(hotspots(store, workspace, level, user), left_on="kode", right_index=True, how="left")
    rows["versi"] = version["versi"]
    rows["data_contoh"] = bool(version["data_contoh"])
    return rows.sort_values("kode", ignore_index=True)
