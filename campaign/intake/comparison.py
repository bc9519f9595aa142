"""The figures of an examined table beside those now in use: what would become of each area's.

Nothing here has passed the disclosure rule; `campaign.intake.preview` tells what may be told.
"""

from __future__ import annotations

import pandas as pd

from data.batches import BatchMeta, fact_frame
from data.choose import KEY, judged
from data.disclosure import guarded_rows
from data.domain.actor import Scope
from data.domain.kinds import KINDS
from data.store.store import Store

FIGURE = ["jenis", "indikator", "level"]
"""What a figure is, without its area."""
SAME = 1e-9
"""Figures that differ by less are the same."""


def live_facts(store: Store, rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The stored facts the new ones are chosen among: whole kinds, because demonstration data step aside by kind.

    Guarded ones below the kabupaten inside ``scope`` only: an answer made from others would be a query on them.
    """
    frames = []
    for jenis, of_kind in ((str(name), part) for name, part in rows.groupby("jenis")):
        if KINDS[jenis].free:
            frames += [
                store.facts.read(jenis=jenis, indikator=key, scope=scope)
                for key in sorted(of_kind["indikator"].unique())
            ]
        else:
            frames.append(store.facts.read(jenis=jenis, scope=scope))
    return pd.concat(frames or [store.facts.read(jenis="", scope=scope)], ignore_index=True)


def as_stored(rows: pd.DataFrame, meta: BatchMeta, now: pd.DataFrame, preferences: pd.DataFrame) -> pd.DataFrame:
    """Examined rows as `Store.facts.read` would return them, numbered after those of ``now``."""
    frame = fact_frame(rows, meta)
    for name in ("period_start", "period_end", "as_of"):
        frame[name] = pd.to_datetime(frame[name])
    frame["value"] = frame["value"].astype(float)
    for name in ("cumulative", "data_contoh", "published"):
        frame[name] = frame[name].astype(bool)
    frame["row"] = frame["row"].astype("Int64")
    wanted = set(preferences[[*FIGURE, "source"]].itertuples(index=False, name=None))
    sources = frame[[*FIGURE, "source"]].itertuples(index=False, name=None)
    frame["pilihan"] = [source in wanted for source in sources]
    frame["id"] = range(last_number(now) + 1, last_number(now) + 1 + len(frame))
    return frame.assign(batch="")


def last_number(now: pd.DataFrame) -> int:
    return int(now["id"].max()) if len(now) else 0


def changes_of(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """One row an area (of counted kinds: an area and period) of the file: ``lama``, ``baru``, ``status``, ``alasan``.

    ``status`` is ``baru``, ``berubah``, ``sama``, ``mengganti`` or ``tidak_dipakai``. Measured figures are compared as
    a map shows them, the newest of each area; counts are compared over the same time.
    """
    ours = after[after["ours"]]
    counted = guarded_rows(ours)
    old = before[before["dipakai"] & ~before["data_contoh"]]
    return pd.concat([_measured(ours[~counted], old, after), _counted(ours[counted], old)], ignore_index=True)


def _measured(ours: pd.DataFrame, old: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    lama = _newest(old).set_index(KEY)["value"]
    shown = _newest(after[after["dipakai"]]).set_index(KEY)
    mine = _newest(ours)
    keys = pd.MultiIndex.from_frame(mine[KEY])
    in_use = shown.reindex(keys)
    out = mine[[*KEY, "value", "published"]].rename(columns={"value": "baru"})
    out["lama"] = lama.reindex(keys).to_numpy()
    used = in_use["ours"].fillna(False).astype(bool).to_numpy()
    same = (out["baru"] - out["lama"]).abs().to_numpy() <= SAME
    out["status"] = "berubah"
    out.loc[same, "status"] = "sama"
    out.loc[out["lama"].isna(), "status"] = "baru"
    out.loc[~used, "status"] = "tidak_dipakai"
    back = ~mine["dipakai"].to_numpy()
    out["alasan"] = mine["alasan_pilih"].where(back, "ada_yang_lebih_baru").to_numpy()
    out.loc[used, "alasan"] = ""
    return out.assign(published_lama=True)


def _counted(ours: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    columns = [*KEY, "period_start", "period_end", "id", "value", "published", "dipakai", "alasan_pilih"]
    pairs = ours[columns].merge(
        old[[*KEY, "period_start", "period_end", "value", "published"]], on=KEY, suffixes=("", "_lama")
    )
    common = (pairs["period_start"] <= pairs["period_end_lama"]) & (pairs["period_start_lama"] <= pairs["period_end"])
    had = pairs[common].groupby("id").agg(lama=("value_lama", "sum"), published_lama=("published_lama", "all"))
    out = ours[columns].join(had, on="id").rename(columns={"value": "baru"})
    out["status"] = "mengganti"
    out.loc[out["lama"].isna(), "status"] = "baru"
    out.loc[~out["dipakai"], "status"] = "tidak_dipakai"
    out["alasan"] = out["alasan_pilih"].where(~out["dipakai"], "")
    out["published_lama"] = out["published_lama"].fillna(False).astype(bool)
    return out[[*KEY, "baru", "lama", "published", "published_lama", "status", "alasan"]]


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    ordered = rows.sort_values(["period_end", "period_start"], kind="stable")
    return ordered.drop_duplicates(KEY, keep="last")


def in_force(facts: pd.DataFrame) -> pd.DataFrame:
    """``facts`` with ``dipakai`` and ``alasan_pilih`` as screens and scores use them; same rows, same index.

    As `data.choose.judged`, and besides: an empty cell is never used (``nilai_kosong``), and of measured figures only
    the newest of an area (``ada_yang_lebih_baru``); counts are used for every stretch of time.
    """
    out = facts.assign(dipakai=False, alasan_pilih="nilai_kosong")
    marked = judged(facts.dropna(subset=["value"]))
    measured = marked[marked["dipakai"] & ~guarded_rows(marked)]
    older = measured.index.difference(_newest(measured).index)
    marked.loc[older, "dipakai"] = False
    marked.loc[older, "alasan_pilih"] = "ada_yang_lebih_baru"
    out.loc[marked.index, "dipakai"] = marked["dipakai"]
    out.loc[marked.index, "alasan_pilih"] = marked["alasan_pilih"]
    return out
