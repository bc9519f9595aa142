"""Which of several figures is used: one number for an area and a stretch of time, chosen with a reason.

The store keeps every figure of every source. Recaps are cumulative from 1 January and overlap, sources disagree, and
demonstration data must step aside for real data; here one row survives for each stretch of time and the reason is
named, so that a card can say why. Nothing is ever added up across overlapping periods.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from data.domain.kinds import KINDS

KEY = ["jenis", "indikator", "level", "kode"]
"""What a figure is about; level is part of it: a kabupaten's figure never replaces a village's."""

_COMPLETENESS = {"lengkap": 3, "hampir_lengkap": 2, "": 1, "sebagian": 0}
LONG_DAYS = 370
"""A period longer than this is a recap over years, used only where no yearly figure covers it."""
WHY_USED = (
    "satu_satunya",
    "sumber_pilihan",
    "snapshot_terakhir",
    "sumber_terbaru",
    "lebih_lengkap",
    "terakhir_disimpan",
    "periode_utama",
)
"""The only one; a person's preference; the latest of cumulative recaps; newer, more complete, or stored later than the
others; the longest of overlapping periods."""
WHY_NOT = (
    "contoh_digantikan",
    "nilai_kosong",
    "bukan_pilihan",
    "snapshot_lama",
    "sumber_lama",
    "kurang_lengkap",
    "disimpan_lebih_dulu",
    "tumpang_tindih",
)


def judged(facts: pd.DataFrame) -> pd.DataFrame:
    """``facts`` with ``dipakai`` (bool) and ``alasan_pilih`` (a key) for every row; same rows, same order, same index.

    A column ``pilihan`` (bool) marks rows of a source that a person prefers for that figure: such a row is used before
    others of the same or an overlapping period, unless it is empty, from demonstration data, or a recap over years.

    Keys of rows used are `WHY_USED`, of rows not used `WHY_NOT`.
    """
    out = facts.copy()
    out["dipakai"] = True
    out["alasan_pilih"] = "satu_satunya"
    if out.empty:
        return out
    replaced = _replaced_demo(out)
    out.loc[replaced, "dipakai"] = False
    out.loc[replaced, "alasan_pilih"] = "contoh_digantikan"
    _one_per_period(out)
    _one_per_stretch(out)
    return out


def chosen(facts: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``facts`` that are used, with ``alasan_pilih``; their periods do not overlap within a `KEY`.

    ``facts`` as `Store.facts.read` returns them.
    """
    marked = judged(facts)
    return marked[marked["dipakai"]].drop(columns="dipakai").reset_index(drop=True)


def latest(facts: pd.DataFrame) -> pd.DataFrame:
    """Of `chosen` facts, the newest period of each `KEY`: what a map shows of a thing measured now and then."""
    return newest(chosen(facts))


def newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of facts that were chosen already, the newest period of each `KEY`."""
    ordered = rows.sort_values(["period_end", "period_start"], kind="stable")
    return ordered.drop_duplicates(KEY, keep="last").sort_values(KEY).reset_index(drop=True)


def _replaced_demo(frame: pd.DataFrame) -> pd.Series:
    """Demonstration rows for which real rows of the same sort exist at the same level.

    Cases, departures and poverty step aside as a whole kind, so that invented and real figures never stand in one
    table; free indicators one by one: a real index of village development says nothing about population.
    """
    free = frame["jenis"].isin([name for name, kind in KINDS.items() if kind.free])
    sort = frame["jenis"].where(~free, frame["jenis"] + "/" + frame["indikator"]) + "@" + frame["level"]
    real = set(sort[~frame["data_contoh"] & frame["value"].notna()])
    return frame["data_contoh"] & sort.isin(real)


def _one_per_period(out: pd.DataFrame) -> None:
    """Of several figures for exactly the same period: a value before none, then newest source, then completeness."""
    keys = [*KEY, "period_start", "period_end"]
    open_rows = out[out["dipakai"]]
    rivals = open_rows[open_rows.duplicated(keys, keep=False)]
    if rivals.empty:
        return
    rank = pd.DataFrame(
        {
            "has": rivals["value"].notna(),
            "preferred": _preferred(rivals),
            "as_of": rivals.get("as_of", pd.NaT),
            "complete": rivals["completeness"].map(_COMPLETENESS).fillna(1),
            "order": rivals["id"] if "id" in rivals else range(len(rivals)),
        },
        index=rivals.index,
    )
    rank["as_of"] = pd.to_datetime(rank["as_of"]).fillna(pd.Timestamp(dt.date(1900, 1, 1)))
    ordered = rivals[keys].join(rank).sort_values(["has", "preferred", "as_of", "complete", "order"], ascending=False)
    best = ordered.drop_duplicates(keys).set_index(keys)
    lost = ordered[ordered.duplicated(keys)]
    first = best.loc[pd.MultiIndex.from_frame(lost[keys])].set_axis(lost.index)
    why = pd.Series("disimpan_lebih_dulu", index=lost.index)
    why[lost["complete"] < first["complete"]] = "kurang_lengkap"
    why[lost["as_of"] < first["as_of"]] = "sumber_lama"
    why[~lost["preferred"] & first["preferred"]] = "bukan_pilihan"
    why[~lost["has"] & first["has"]] = "nilai_kosong"
    out.loc[lost.index, "dipakai"] = False
    out.loc[lost.index, "alasan_pilih"] = why
    kept = {
        "disimpan_lebih_dulu": "terakhir_disimpan",
        "kurang_lengkap": "lebih_lengkap",
        "sumber_lama": "sumber_terbaru",
        "nilai_kosong": "lebih_lengkap",
        "bukan_pilihan": "sumber_pilihan",
    }
    runner_up = lost[~lost.duplicated(keys)]
    winners = ordered.drop_duplicates(keys).reset_index().set_index(keys)["index"]
    names = winners.loc[pd.MultiIndex.from_frame(runner_up[keys])].to_numpy()
    out.loc[names, "alasan_pilih"] = why[runner_up.index].map(kept).to_numpy()


def _one_per_stretch(out: pd.DataFrame) -> None:
    """Of figures whose periods overlap: yearly before longer recaps, then a preferred source, then the last to end,
    then the longest."""
    live = out.loc[out["dipakai"], [*KEY, "period_start", "period_end", "cumulative"]].copy()
    live["_row"] = live.index
    live["_preferred"] = _preferred(out.loc[live.index])
    live = live.sort_values([*KEY, "period_start", "period_end"])
    same = (live[KEY] == live[KEY].shift()).all(axis=1)
    reach = live.groupby(KEY, sort=False)["period_end"].cummax().shift()
    clash = same & (live["period_start"] <= reach)
    if not clash.any():
        return
    touched = pd.MultiIndex.from_frame(live.loc[clash, KEY]).unique()
    groups = live[pd.MultiIndex.from_frame(live[KEY]).isin(touched)]
    groups = groups.assign(
        _long=(groups["period_end"] - groups["period_start"]).dt.days > LONG_DAYS,
        _span=groups["period_end"] - groups["period_start"],
    ).sort_values([*KEY, "_long", "_preferred", "period_end", "_span"], ascending=[True] * 5 + [False] * 3)
    why: dict[Any, str] = {}
    gone: list[Any] = []
    area: tuple[Any, ...] | None = None
    taken: list[tuple[pd.Timestamp, pd.Timestamp, bool, bool, Any]] = []
    columns = [*KEY, "period_start", "period_end", "cumulative", "_preferred", "_row"]
    for *key, start, end, cumulative, preferred, row in groups[columns].itertuples(index=False, name=None):
        if tuple(key) != area:
            area, taken = tuple(key), []
        over = [item for item in taken if start <= item[1] and item[0] <= end]
        if not over:
            taken.append((start, end, cumulative, preferred, row))
            continue
        recap = cumulative and all(item[2] and item[0] == start for item in over)
        chosen_for = not preferred and any(item[3] for item in over)
        gone.append(row)
        why[row] = "bukan_pilihan" if chosen_for else "snapshot_lama" if recap else "tumpang_tindih"
        for item in over:
            why[item[4]] = (
                "sumber_pilihan" if chosen_for and item[3] else "snapshot_terakhir" if recap else "periode_utama"
            )
    out.loc[gone, "dipakai"] = False
    out.loc[list(why), "alasan_pilih"] = pd.Series(why)


def _preferred(rows: pd.DataFrame) -> pd.Series:
    """Rows of a preferred source that say something: an empty cell is no reason to use nothing."""
    if "pilihan" not in rows:
        return pd.Series(False, rows.index)
    return rows["pilihan"].astype(bool) & rows["value"].notna()


def rivals(marked: pd.DataFrame) -> pd.DataFrame:
    """Figures of different sources that speak of the same area over a common stretch of time, from `judged` facts.

    One row a pair of a figure in use and another source's figure that stands back for it: the columns of `KEY`, and of
    both (the second's with ``_lain``) ``id, source, value, period_start, period_end, published, alasan_pilih``.
    Demonstration data and empty cells are nobody's rival. One source's older figures are not either.
    """
    told = ["id", "source", "value", "period_start", "period_end", "published", "alasan_pilih"]
    real = marked[~marked["data_contoh"] & marked["value"].notna()]
    used, back = real.loc[real["dipakai"], [*KEY, *told]], real.loc[~real["dipakai"], [*KEY, *told]]
    pairs = used.merge(back, on=KEY, suffixes=("", "_lain"))
    common = (pairs["period_start"] <= pairs["period_end_lain"]) & (pairs["period_start_lain"] <= pairs["period_end"])
    return pairs[common & (pairs["source"] != pairs["source_lain"])].reset_index(drop=True)
