"""What storing an examined table would do: what is new, what changes, what stands back, what stays blank.

Everything here is worked out before anything is stored, from the examined rows and the figures now in use. Numbers
about people pass the disclosure rule: of villages no count of cases or departures is told, nor which villages have any.

A preview is a query on the store: "new" beside one row for one village says that nothing is there. So counts of single
people below the kabupaten are compared with the store for those only who may read them there as they are, and that is
written to the audit; everybody else is told what is in the own file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from campaign.intake.comparison import FIGURE, as_stored, changes_of, last_number, live_facts
from campaign.permission import act, within
from data.choose import judged, rivals
from data.disclosure import ShownTotal, guarded_rows, release_count, release_frame, release_sum, release_total
from data.domain.actor import NOWHERE, Actor, Scope
from data.domain.kinds import KINDS, Holds, is_guarded, measure_of
from data.domain.levels import BELOW_KABUPATEN, Level
from data.domain.roles import DEFAULT_ROLE, Act
from data.intake.examined import Examined
from data.store.store import Store

COMPARED = "lihat_banding"
"""The act under which a comparison with exact counts stands in the audit."""
UNTOLD = ("desa", "kecamatan")
"""Levels of counted kinds whose areas are not listed: a kecamatan may be a single village, and the kecamatan of a
kabupaten give each other away (`data.suppression`), which a preview of one file cannot weigh."""

CHANGES = ("indikator", "level", "kode", "nama", "kabupaten", "lama", "baru", "status")
"""Columns of `Preview.changes`."""


@dataclass(frozen=True)
class FigurePart:
    """What a file holds of one figure at one level.

    ``total`` is a number, ``<10``, ``>=10``, a total made from shown cells, or None where a sum says nothing. Areas are
    counted by what becomes of them: ``new`` (no figure was in use), ``changed``, ``same`` (both None where that would
    tell a count), ``replacing`` (a record for the same time is replaced; of counted kinds), ``unused`` (stored, but
    another figure is used, by reason), ``empty`` (no number in the file). Not ``compared``: nothing of that was looked
    up, for the reader may not know.
    """

    jenis: str
    indikator: str
    level: str
    start: pd.Timestamp
    end: pd.Timestamp
    areas: int
    total: Any
    new: int = 0
    changed: int | None = None
    same: int | None = None
    replacing: int | None = None
    unused: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    compared: bool = True


@dataclass(frozen=True)
class Lost:
    """The numbers in rows with errors: their released sum against that of all rows, and the share in percent."""

    indikator: str
    rows: int
    sum: Any
    whole: Any
    share: float | None


@dataclass(frozen=True)
class AreasCovered:
    """Areas of a level that have the figure once the file is stored; ``before`` how many have it now.

    ``table`` by kabupaten: ``kabupaten, ada, dari, persen``; ``blank`` names the areas one level up (kecamatan of
    villages) without any. Both are empty for counted kinds: where records are tells where cases are.
    """

    indikator: str
    level: str
    before: Any
    after: Any
    areas: int
    table: pd.DataFrame
    blank: list[str]


@dataclass(frozen=True)
class Rival:
    """Another source with the same figure for the same time: areas, how many of them use the file's figure, and why.

    ``reason`` (a key of `data.choose.judged`) is the commonest; ``typical`` and ``largest`` are differences, None where
    they would tell a count.
    """

    indikator: str
    level: str
    source: str
    areas: int
    ours: int
    reason: str
    typical: float | None
    largest: float | None


@dataclass(frozen=True)
class Preview:
    """What storing would do. ``changes``: ``indikator, level, kode, nama, kabupaten, lama, baru, status`` of areas
    whose figure may be told, the largest change first; ``stepping_aside`` counts demonstration figures that go."""

    parts: tuple[FigurePart, ...] = ()
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    lost: tuple[Lost, ...] = ()
    unread: int = 0
    coverage: tuple[AreasCovered, ...] = ()
    rivals: tuple[Rival, ...] = ()
    stepping_aside: int = 0


def preview(found: Examined, store: Store, actor: Actor | None = None) -> Preview:
    """The preview of an examined table of facts (`data.intake.examined.Examined`); empty when it has no good row.

    Counts of single people below the kabupaten are compared where ``actor`` may read all of the file's as they are.
    """
    codes = guarded_codes(found)
    if actor is not None and codes and actor.exact.covers_all(codes):
        return compare_exact(actor, found, store)
    return _preview(found, store, NOWHERE, DEFAULT_ROLE)


@act(Act.SEE_EXACT, quiet=True)
def compare_exact(actor: Actor, found: Examined, store: Store) -> Preview:
    """The preview for whoever may read the file's areas as they are; written to the audit, for it tells of them. Not
    where nobody signs in: the owner of the folder holds the database, and a dry run of the command writes nothing."""
    codes = guarded_codes(found)
    within(actor, Act.SEE_EXACT, codes)
    what = {
        "jenis": found.kind,
        "file": found.meta.file_name,
        "source": found.meta.source,
        "areas": len(codes),
        "kabupaten": sorted({kode[:5] for kode in codes}),
    }
    if actor.signed_in:
        store.audit.record(actor.name, COMPARED, what)
    return _preview(found, store, actor.exact, actor.reader)


def guarded_codes(found: Examined) -> list[str]:
    """Codes of the areas below the kabupaten of which an examined table counts single people, sorted."""
    if found.rows.empty or KINDS[found.kind].holds is not Holds.FACTS:
        return []
    return sorted({str(kode) for kode in found.rows.loc[_fine(found), "kode"]})


def _fine(found: Examined) -> pd.Series:
    """Which rows of a table count single people below the kabupaten."""
    rows = found.rows.assign(jenis=_kinds(found))
    return guarded_rows(rows) & rows["level"].isin(BELOW_KABUPATEN)


def _kinds(found: Examined) -> Any:
    return found.rows.get("jenis", found.meta.jenis)


def _preview(found: Examined, store: Store, scope: Scope, role: str) -> Preview:
    lost, unread = _lost(found, role)
    if found.rows.empty:
        return Preview(lost=lost, unread=unread)
    known = found.rows.assign(jenis=_kinds(found))
    apart = _fine(found) & ~known["kode"].astype(str).map(scope.covers).astype(bool)
    own = as_stored(known[apart], found.meta, known.iloc[:0].assign(id=0), store.preferences.all())
    alone = tuple(_alone(rows, role) for _, rows in own.groupby(FIGURE, sort=True))
    if apart.all():
        return Preview(parts=alone, changes=pd.DataFrame(columns=list(CHANGES)), lost=lost, unread=unread)
    known = known[~apart]
    now = live_facts(store, known, scope)
    new = as_stored(known, found.meta, now, store.preferences.all())
    before = judged(now.dropna(subset=["value"]))
    after = judged(pd.concat([now, new.dropna(subset=["value"])], ignore_index=True).dropna(subset=["value"]))
    after["ours"] = after["id"] > last_number(now)
    changes = changes_of(before, after)
    villages = store.gazetteer.villages()
    return Preview(
        parts=(*(_part(rows, changes, role) for _, rows in new.groupby(FIGURE, sort=True)), *alone),
        changes=_told(changes, villages, role),
        lost=lost,
        unread=unread,
        coverage=tuple(_coverage(key, before, after, villages, role) for key, _ in new.groupby(FIGURE, sort=True)),
        rivals=_rivals(after),
        stepping_aside=_in_use_of_demo(before) - _in_use_of_demo(after),
    )


def _in_use_of_demo(marked: pd.DataFrame) -> int:
    return int((marked["dipakai"] & marked["data_contoh"]).sum())


def _alone(rows: pd.DataFrame, role: str) -> FigurePart:
    """What a file holds of one figure, and nothing else."""
    jenis, indikator, level = (str(rows[name].iloc[0]) for name in FIGURE)
    return FigurePart(
        jenis,
        indikator,
        level,
        rows["period_start"].min(),
        rows["period_end"].max(),
        int(rows["kode"].nunique()),
        _total(rows, role),
        empty=int(rows["value"].isna().sum()),
        compared=False,
    )


def _part(rows: pd.DataFrame, changes: pd.DataFrame, role: str) -> FigurePart:
    alone = _alone(rows, role)
    own = changes[(changes[FIGURE] == [alone.jenis, alone.indikator, alone.level]).all(axis=1)]
    status = own["status"].value_counts()
    guarded = is_guarded(alone.jenis, alone.indikator)
    return replace(
        alone,
        new=int(status.get("baru", 0)),
        changed=None if guarded else int(status.get("berubah", 0)),
        same=None if guarded else int(status.get("sama", 0)),
        replacing=int(status.get("mengganti", 0)) if guarded else None,
        unused=Counter(own.loc[own["status"] == "tidak_dipakai", "alasan"]),
        compared=True,
    )


def _total(rows: pd.DataFrame, role: str) -> float | int | str | ShownTotal | None:
    """The sum over areas and periods of things that are counted; overlapping recaps and shares are never added up."""
    jenis, indikator, level = (str(rows[name].iloc[0]) for name in FIGURE)
    once = rows.groupby("kode")["period_start"].nunique().max() == 1 and not rows["kode"].duplicated().any()
    if not measure_of(indikator, jenis).whole or not once:
        return None
    if not is_guarded(jenis, indikator):
        return float(rows["value"].sum())
    if level == "desa":
        return release_sum(float(rows["value"].sum()), cells=len(rows), jenis=jenis, indikator=indikator, role=role)
    return release_total(
        release_count(value, level=level, role=role, published=public)
        for value, public in zip(rows["value"], rows["published"], strict=True)
    )


def _told(changes: pd.DataFrame, villages: pd.DataFrame, role: str) -> pd.DataFrame:
    change = (changes["baru"] - changes["lama"]).abs()
    ordered = changes.assign(_by=change.fillna(-1.0), _guarded=guarded_rows(changes))
    ordered = ordered[~(ordered["_guarded"] & ordered["level"].isin(UNTOLD)) & (ordered["status"] != "sama")]
    ordered = ordered.sort_values(["_by", "kode"], ascending=[False, True], ignore_index=True)
    frames = [ordered[~ordered["_guarded"]].astype({"lama": object, "baru": object})]
    for level, rows in ordered[ordered["_guarded"]].sort_values("kode").groupby("level"):
        shown = release_frame(rows, level=str(level), role=role, counts=["baru"], published="published")
        frames.append(release_frame(shown, level=str(level), role=role, counts=["lama"], published="published_lama"))
    out = pd.concat(frames, ignore_index=True)
    names = _names(villages)
    out["nama"] = [names.get(kode, ("", ""))[0] or kode for kode in out["kode"]]
    out["kabupaten"] = [names.get(kode, ("", ""))[1] for kode in out["kode"]]
    return out[list(CHANGES)]


def _names(villages: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Name and kabupaten of every area by code."""
    out: dict[str, tuple[str, str]] = {}
    for code, name in (("kode_kab", "kabupaten"), ("kode_kec", "kecamatan"), ("kode", "nama")):
        above = [""] * len(villages) if code == "kode_kab" else villages["kabupaten"]
        out |= dict(zip(villages[code], zip(villages[name], above, strict=True), strict=True))
    return out


def _coverage(key: Any, before: pd.DataFrame, after: pd.DataFrame, villages: pd.DataFrame, role: str) -> AreasCovered:
    jenis, indikator, level = key
    column = Level(level).column
    areas = villages.drop_duplicates(column)
    sets = []
    for marked in (before, after):
        rows = marked[(marked[FIGURE] == [jenis, indikator, level]).all(axis=1) & marked["dipakai"]]
        sets.append(set(rows["kode"]) & set(areas[column]))
    had, has = sets
    table = pd.DataFrame(columns=["kabupaten", "ada", "dari", "persen"])
    blank: list[str] = []
    counts: list[Any] = [len(had), len(has)]
    if is_guarded(jenis, indikator):
        counts = [release_sum(n, cells=n, jenis=jenis, indikator=indikator, role=role) for n in counts]
    elif level != "provinsi":
        marked_areas = areas.assign(ada=areas[column].isin(has))
        if level != "kabupaten":
            by = marked_areas.groupby("kabupaten", sort=False)["ada"].agg(["sum", "size"])
            table = pd.DataFrame(
                {
                    "kabupaten": by.index,
                    "ada": by["sum"].to_numpy(),
                    "dari": by["size"].to_numpy(),
                    "persen": (100 * by["sum"] / by["size"]).to_numpy(),
                }
            )
        above = {"desa": ["kode_kec", "kecamatan", "kabupaten"]}.get(level, [column, level, "kabupaten"])
        any_of = marked_areas.groupby(above[0])["ada"].any()
        names = marked_areas.drop_duplicates(above[0]).set_index(above[0])
        for kode in any_of.index[~any_of]:
            own, kabupaten = str(names.loc[kode, above[1]]), str(names.loc[kode, "kabupaten"])
            blank.append(own if level == "kabupaten" else f"{own} ({kabupaten})")
    return AreasCovered(indikator, level, counts[0], counts[1], len(areas), table, blank)


def _rivals(after: pd.DataFrame) -> tuple[Rival, ...]:
    pairs = rivals(after)
    top = after.loc[after["ours"], "id"]
    pairs["ours"] = pairs["id"].isin(top)
    pairs["theirs"] = pairs["id_lain"].isin(top)
    pairs = pairs[pairs["ours"] != pairs["theirs"]]
    pairs["other"] = pairs["source_lain"].where(pairs["ours"], pairs["source"])
    pairs["reason"] = pairs["alasan_pilih"].where(pairs["ours"], pairs["alasan_pilih_lain"])
    out = []
    for (jenis, indikator, level, source), rows in pairs.groupby([*FIGURE, "other"], sort=True):
        ours = rows.loc[rows["ours"], "kode"].nunique()
        typical, largest = differences(rows, is_guarded(str(jenis), str(indikator)), str(level))
        out.append(
            Rival(
                str(indikator),
                str(level),
                str(source),
                int(rows["kode"].nunique()),
                int(ours),
                str(rows["reason"].mode().iloc[0]),
                typical,
                largest,
            )
        )
    return tuple(out)


def differences(pairs: pd.DataFrame, guarded: bool, level: str) -> tuple[float | None, float | None]:
    """The typical (median) and the largest difference within pairs (`data.choose.rivals`) over exactly the same time.

    None where there is no such pair or it would tell a count of people that is not public.
    """
    together = pairs["period_start"] == pairs["period_start_lain"]
    same = pairs[together & (pairs["period_end"] == pairs["period_end_lain"])]
    if guarded:
        same = same[same["published"] & same["published_lain"]] if level != "desa" else same.iloc[:0]
    if same.empty:
        return None, None
    apart = (same["value"] - same["value_lain"]).abs()
    return float(apart.median()), float(apart.max())


def _lost(found: Examined, role: str) -> tuple[tuple[Lost, ...], int]:
    """What rows with errors hold, of things that are counted; and the rows whose numbers could not be read at all."""
    out = []
    for indikator, (rows, total) in sorted(found.lost.items()):
        measure = measure_of(indikator, found.kind)
        if not measure.whole:
            continue
        kept = found.rows[found.rows["indikator"] == indikator]["value"] if len(found.rows) else pd.Series(dtype=float)
        stored = float(pd.to_numeric(kept).sum())
        whole = total + stored
        jenis = KINDS[found.kind].jenis_of(measure)
        told, told_whole = (
            release_sum(n, cells=cells, jenis=jenis, indikator=indikator, role=role)
            for n, cells in ((total, rows), (whole, rows + len(kept)))
        )
        plain = not isinstance(told, str) and not isinstance(told_whole, str)
        out.append(Lost(indikator, rows, told, told_whole, 100 * total / whole if plain and whole else None))
    read = max((rows for rows, _ in found.lost.values()), default=0)
    return tuple(out), max(found.report.rows_error - read, 0)
