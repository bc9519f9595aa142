"""What was observed: facts of cases at three levels of location turned into counts, extra counts and years observed.

A record may be known to the village, the kecamatan or the kabupaten only; none is thrown away and none is counted
twice. Where nothing was recorded is told apart from where nobody looked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.choose import chosen
from data.disclosure import SMALLEST
from data.domain.levels import DRAWN

CASE_KINDS = ("tppo", "pmi_bermasalah", "pmi_meninggal")
"""Kinds of case that count as a person harmed; other figures of the same files (suspects, verdicts) do not."""

NOBODY = "tanpa"
"""What `Observed.looked` says of a kabupaten where nobody looked for cases."""
LOCATED = 0.2
"""Of the cases in lists that tell villages or kecamatan at all, the share so told from which on a kabupaten counts as
looked at that finely; ten cases will do at any share. Nothing hangs on a single case."""
_COVERS_ALL = 0.5
"""A list that names at least this share of the kabupaten is taken to speak for all of them: agencies list where cases
were, not where none were. A list marked incomplete never does."""


@dataclass(frozen=True)
class Observed:
    """Cases by where they are known to, and how long each village was observed.

    ``village`` (kode), ``kecamatan``, ``kabupaten``: counts without overlap between levels (float, zeros left in).
    ``years`` (kode): years of observation, each kind weighing as its share of all cases; rates are per these; 0 where
    nobody looked. ``calendar_years`` (kode): years with any observation. ``precision`` (kode_kab x level): share of
    its cases known to that level or finer (the province's, below ten cases). ``sources``: the one with most first.
    ``period``: first and last day. ``looked`` (kode_kab): the finest level, ``desa, kecamatan, kabupaten``, at which
    cases were looked for there, found or not; `NOBODY` without any. ``public`` (kode_kec or kode_kab): the part of
    ``kecamatan`` and ``kabupaten`` that is published by its source as it stands.
    """

    village: pd.Series
    kecamatan: pd.Series
    kabupaten: pd.Series
    years: pd.Series
    calendar_years: pd.Series
    precision: pd.DataFrame
    sources: list[str]
    period: tuple[pd.Timestamp, pd.Timestamp] | None
    data_contoh: bool
    looked: pd.Series = field(default_factory=lambda: pd.Series(dtype=object))
    public: pd.Series = field(default_factory=lambda: pd.Series(dtype=float))

    @property
    def total(self) -> float:
        """All cases, wherever they are known to."""
        return float(self.village.sum() + self.kecamatan.sum() + self.kabupaten.sum())

    @property
    def located(self) -> pd.Series:
        """Cases by kecamatan, from villages and kecamatan together."""
        from_villages = self.village.groupby(self.village.index.str[:8]).sum()
        return self.kecamatan.add(from_villages, fill_value=0.0)

    @property
    def guarded(self) -> tuple[pd.Series, pd.Series]:
        """`located` and ``kabupaten`` without what is ``public``: what the disclosure rule has to let out."""
        return self._less_public(self.located), self._less_public(self.kabupaten)

    def _less_public(self, counts: pd.Series) -> pd.Series:
        return counts.sub(self.public.reindex(counts.index, fill_value=0.0)).clip(lower=0.0)


def observe(
    facts: pd.DataFrame,
    gazetteer: pd.DataFrame,
    population: pd.Series,
    until: pd.Timestamp | None = None,
    since: pd.Timestamp | None = None,
) -> Observed:
    """Counts and years from facts (as `Store.facts.read` gives them).

    ``population`` persons by village code, for weighing kinds. ``until`` / ``since`` keep only records whose period
    ends by, or starts from, that day: what was known then, or what came after.
    """
    rows = facts[(facts["jenis"] == "kasus") & facts["indikator"].isin(CASE_KINDS) & facts["value"].notna()]
    rows = rows[rows["level"].isin(("desa", "kecamatan", "kabupaten"))]
    if until is not None:
        rows = rows[rows["period_end"] <= until]
    if since is not None:
        rows = rows[rows["period_start"] >= since]
    rows = chosen(rows)
    kab = pd.Index(np.unique(gazetteer["kode_kab"].to_numpy(str)), name="kode_kab")
    places = set(gazetteer["kode"]) | set(gazetteer["kode_kec"]) | set(kab)
    rows = rows[rows["kode"].isin(places)].copy()
    rows["kab"] = rows["kode"].str[:5]
    rows["kec"] = rows["kode"].str[:8]

    at = {level: rows[rows["level"] == level] for level in ("desa", "kecamatan", "kabupaten")}
    village = at["desa"].groupby("kode")["value"].sum().reindex(gazetteer["kode"], fill_value=0.0)
    kec_extra = _extra(at["kecamatan"], at["desa"], "kec")
    kab_extra = _extra(at["kabupaten"], pd.concat([at["desa"], kec_extra]), "kab")
    kecamatan = kec_extra.groupby("kode")["value"].sum()
    kabupaten = kab_extra.groupby("kode")["value"].sum()

    days = _days_covered(rows, gazetteer)
    years = _equivalent_years(days, rows, population.reindex(gazetteer["kode"]))
    by_village = village.groupby(village.index.str[:5]).sum().reindex(kab, fill_value=0.0)
    by_kec = by_village + kecamatan.groupby(kecamatan.index.str[:5]).sum().reindex(kab, fill_value=0.0)
    total = by_kec + kabupaten.reindex(kab, fill_value=0.0)
    known_to = pd.DataFrame({"desa": by_village, "kecamatan": by_kec, "kabupaten": total})
    by_source = rows.groupby("source")["value"].sum().sort_values(ascending=False, kind="stable")
    return Observed(
        village=village,
        kecamatan=kecamatan.reindex(np.unique(gazetteer["kode_kec"].to_numpy(str)), fill_value=0.0),
        kabupaten=kabupaten.reindex(kab, fill_value=0.0),
        years=years,
        calendar_years=_calendar_years(days, village.index),
        precision=_shares(known_to, total),
        sources=[str(source) for source in by_source.index],
        period=(rows["period_start"].min(), rows["period_end"].max()) if len(rows) else None,
        data_contoh=bool(rows["data_contoh"].any()),
        looked=_looked(at["desa"], kec_extra, kab_extra, years),
        public=_public(kec_extra, at["desa"]).add(
            _public(kab_extra, pd.concat([at["desa"], at["kecamatan"]])), fill_value=0.0
        ),
    )


def _looked(desa: pd.DataFrame, kecamatan: pd.DataFrame, kabupaten: pd.DataFrame, years: pd.Series) -> pd.Series:
    """`Observed.looked` from the records of each level (without overlap) and years of observation by village.

    A list that tells the kecamatan or village of its cases looked there in all of the kabupaten it speaks for: one it
    does not name had none. A kabupaten whose cases it does not locate was not looked at that finely; with fewer than
    ten cases its share is the province's, which gives none of them away.
    """
    kab = pd.Index(np.unique(years.index.str[:5].to_numpy(str)), name="kode_kab")
    seen = years.groupby(years.index.str[:5]).max().reindex(kab) > 0
    looked = pd.Series(np.where(seen, "kabupaten", NOBODY), kab, dtype=object)
    for level, finer in (("kecamatan", (desa, kecamatan)), ("desa", (desa,))):
        locating = {name for rows in finer for name in rows["batch"]}
        if not locating:
            continue
        found = {
            name: rows[rows["batch"].isin(locating)]
            for name, rows in (("desa", desa), ("kecamatan", kecamatan), ("kabupaten", kabupaten))
        }
        lists = pd.concat(found.values()).groupby("batch")
        covered = pd.Series(False, kab)
        for _, rows in lists:
            named = rows["kab"].unique()
            for_all = len(named) >= _COVERS_ALL * len(kab) and not (rows["completeness"] == "sebagian").any()
            covered |= True if for_all else kab.isin(named)
        sums = {name: rows.groupby("kab")["value"].sum().reindex(kab, fill_value=0.0) for name, rows in found.items()}
        known = sums["desa"] if level == "desa" else sums["desa"] + sums["kecamatan"]
        share = _shares(known.to_frame("known"), sum(sums.values(), pd.Series(0.0, kab)))["known"]
        looked[covered & ((share >= LOCATED) | (known >= SMALLEST)) & seen] = level
    return looked


def _public(coarse: pd.DataFrame, fine: pd.DataFrame) -> pd.Series:
    """Published counts of ``coarse`` by ``kode``: of kinds and periods of which no finer record is known anywhere.
    Where there is one, what remains of the published total would give the finer count away."""
    rows = coarse[coarse["published"].astype(bool)]
    for (kind, start, end), _ in rows.groupby(["indikator", "period_start", "period_end"]):
        finer = fine[fine["indikator"] == kind]
        if ((finer["period_start"] <= end) & (start <= finer["period_end"])).any():
            same = (rows["indikator"] == kind) & (rows["period_start"] == start) & (rows["period_end"] == end)
            rows = rows[~same]
    return rows.groupby("kode")["value"].sum().astype(float)


def _shares(known_to: pd.DataFrame, total: pd.Series) -> pd.DataFrame:
    """``known_to`` over ``total``; with fewer than ten cases the province's share, which gives no kabupaten away."""
    whole = float(total.sum())
    usual = known_to.sum() / whole if whole >= SMALLEST else pd.Series(1.0, known_to.columns)
    return known_to.div(total.where(total >= SMALLEST), axis=0).fillna(usual)


def _extra(coarse: pd.DataFrame, fine: pd.DataFrame, parent: str) -> pd.DataFrame:
    """``coarse`` with ``value`` lowered by the finer records of the same kind, place and overlapping period, >= 0."""
    if coarse.empty or fine.empty:
        return coarse
    pairs = coarse.reset_index().merge(fine, on=["indikator", parent], suffixes=("", "_fine"))
    overlap = (pairs["period_start"] <= pairs["period_end_fine"]) & (pairs["period_start_fine"] <= pairs["period_end"])
    counted = pairs[overlap].groupby("index")["value_fine"].sum().reindex(coarse.index, fill_value=0.0)
    return coarse.assign(value=(coarse["value"] - counted).clip(lower=0.0))


def _days_covered(rows: pd.DataFrame, gazetteer: pd.DataFrame) -> dict[str, tuple[pd.Timestamp, np.ndarray]]:
    """By kind: the first day and a boolean (village, day) table of what was observed.

    A list speaks for the kabupaten it names, or for all (`_COVERS_ALL`). Where it writes zeros it tells which places
    it looked at: in such a kabupaten it speaks for the places it names only.
    """
    above = {str(level): gazetteer[level.column].to_numpy(str) for level in DRAWN}
    kab_of = above["kabupaten"]
    n_kab = len(np.unique(kab_of))
    covered: dict[str, tuple[pd.Timestamp, np.ndarray]] = {}
    for kind, of_kind in rows.groupby("indikator"):
        first, last = of_kind["period_start"].min(), of_kind["period_end"].max()
        table = np.zeros((len(gazetteer), (last - first).days + 1), dtype=bool)
        for (_, start, end), listed in of_kind.groupby(["batch", "period_start", "period_end"]):
            window = slice((start - first).days, (end - first).days + 1)
            named = listed["kab"].unique()
            for_all = len(named) >= _COVERS_ALL * n_kab and not (listed["completeness"] == "sebagian").any()
            seen = np.ones(len(table), dtype=bool) if for_all else np.isin(kab_of, named)
            exact = listed.loc[(listed["value"] == 0) & (listed["level"] != "kabupaten"), "kab"].unique()
            if len(exact):
                looked_at = np.any([np.isin(codes, listed["kode"]) for codes in above.values()], axis=0)
                seen &= looked_at | ~np.isin(kab_of, exact)
            table[seen, window] = True
        covered[str(kind)] = (first, table)
    return covered


def _equivalent_years(
    days: dict[str, tuple[pd.Timestamp, np.ndarray]], rows: pd.DataFrame, population: pd.Series
) -> pd.Series:
    """Years by village with every kind weighing as its share of the province's cases per person and year."""
    people = population.to_numpy(float)
    counts = rows.groupby("indikator")["value"].sum()
    seen = {kind: table.sum(axis=1) for kind, (_, table) in days.items()}
    rate = {kind: float(counts[kind]) / max(float(people @ length), 1e-9) for kind, length in seen.items()}
    total = sum(rate.values())
    years = np.zeros(len(people))
    for kind, length in seen.items():
        years += (rate[kind] / total if total > 0 else 1 / len(rate)) * length / 365.25
    return pd.Series(years, population.index)


def _calendar_years(days: dict[str, tuple[pd.Timestamp, np.ndarray]], villages: pd.Index) -> pd.Series:
    """Years of which at least half a year was observed, of any kind."""
    seen: dict[int, np.ndarray] = {}
    for first, table in days.values():
        year = pd.date_range(first, periods=table.shape[1]).year
        for one in np.unique(year):
            longest = table[:, year == one].sum(axis=1)
            seen[int(one)] = np.maximum(seen.get(int(one), 0), longest)
    count = sum((longest >= 182 for longest in seen.values()), np.zeros(len(villages), dtype=int))
    return pd.Series(count, villages)
