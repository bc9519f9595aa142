"""Hot spots as a file: P(RR > 2) and three second opinions per area, in words a reader can check."""

from __future__ import annotations

from typing import Any

import pandas as pd

from campaign.console import Console
from campaign.export import places_of, write_file
from data.errors import WrongUse
from data.workspace import Workspace

ABOUT = "konsentrasi"


def hotspot_rows(store: Any, workspace: Workspace, *, level: str = "desa", user: str = "") -> pd.DataFrame:
    """One row per area of ``level``, sorted by code: places, `risk.hotspots.COLUMNS`, ``versi``, ``data_contoh``.

    Raises `WrongUse` (``NO_SCORE``) when nothing has been scored yet.
    """
    from risk.hotspots import hotspots

    version = store.score_version()
    if version is None:
        raise WrongUse("NO_SCORE")
    places = places_of(store, level)[["kode", "desa", "kode_kec", "kecamatan", "kode_kab", "kabupaten"]]
    rows = places.merge(hotspots(store, workspace, level, user), left_on="kode", right_index=True, how="left")
    rows["versi"] = version["versi"]
    rows["data_contoh"] = bool(version["data_contoh"])
    return rows.sort_values("kode", ignore_index=True)


def tell_hotspots(args: Any, store: Any, workspace: Workspace, console: Console) -> int:
    """The command: writes the file ``args.out`` and says what it holds."""
    rows = hotspot_rows(store, workspace, level=args.level, user=args.user)
    write_file(rows, args.out, store, workspace, level=args.level, lang=args.lang, user=args.user, about=ABOUT)
    found = {
        "likely": int((rows["p_rr2"] > 0.5).sum()), "gi_high": int((rows["gi_kelas"] == "tinggi").sum()),
        "clusters": int(rows["klaster"].max()),
    }  # fmt: skip
    contoh = bool(rows["data_contoh"].any())
    console.say("cli.berkas_ditulis", berkas=str(args.out), n=len(rows))
    console.say("cli.konsentrasi", n=len(rows), mungkin=found["likely"], gi=found["gi_high"], klaster=found["clusters"])
    if contoh:
        console.say("cli.data_contoh")
    console.result(outcome="ok", file=str(args.out), rows=len(rows), level=args.level, data_contoh=contoh, **found)
    return 0
