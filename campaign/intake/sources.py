"""Sources that disagree: who says what of the same figure, which one is used and why, and an officer's preference."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from campaign.intake.comparison import FIGURE, SAME
from campaign.intake.preview import differences
from campaign.permission import act
from data.choose import judged, rivals
from data.disclosure import release_count
from data.domain.actor import NOWHERE, Actor, Scope
from data.domain.kinds import is_guarded
from data.domain.roles import DEFAULT_ROLE, Act
from data.errors import WrongUse
from data.remarks import remark
from data.store.store import Store


@dataclass(frozen=True)
class Say:
    """One source's part: in how many areas it has the figure, in how many it is used, and the commonest reason (a key
    of `data.choose.judged`) why it stands before the others, or, where it never does, behind them."""

    source: str
    areas: int
    used: int
    reason: str
    preferred: bool


@dataclass(frozen=True)
class Conflict:
    """A figure that several sources give for the same areas and overlapping times.

    ``areas`` have more than one source; in ``differing`` of them the sources say different things of exactly the same
    time. ``differing``, ``typical`` and ``largest`` (differences) are None where they would tell a count of people.
    """

    jenis: str
    indikator: str
    level: str
    areas: int
    differing: int | None
    typical: float | None
    largest: float | None
    says: tuple[Say, ...]


def conflicts(store: Store, scope: Scope = NOWHERE, role: str = DEFAULT_ROLE) -> list[Conflict]:
    """Every figure with sources that disagree or overlap; counts of people pass the disclosure rule.

    Of counts of single people below the kabupaten only those inside ``scope`` are spoken of: in how many villages two
    sources have one is told nowhere else.
    """
    marked = judged(store.facts.read(scope=scope).dropna(subset=["value"]))
    real = marked[~marked["data_contoh"]]
    return [
        _conflict(
            str(jenis),
            str(indikator),
            str(level),
            pairs,
            real[(real[FIGURE] == [jenis, indikator, level]).all(axis=1)],
            role,
        )
        for (jenis, indikator, level), pairs in rivals(marked).groupby(FIGURE, sort=True)
    ]


@act(Act.PREFER_SOURCE)
def prefer(
    actor: Actor, store: Store, indikator: str, level: str, source: str, reason: str, jenis: str | None = None
) -> int:
    """Keeps that ``source`` is preferred for a figure at a level, with the officer's reason; returns its number.

    Raises `WrongUse` (``UNKNOWN_SOURCE``: no live figure of that source), and as `data.remarks.remark` for the reason.
    Nothing is kept then.
    """
    said = remark(reason)
    facts = store.facts.read(jenis=jenis, indikator=indikator, level=level)
    own = facts[(facts["source"] == source) & ~facts["data_contoh"] & facts["value"].notna()]
    if own.empty or own["jenis"].nunique() > 1:
        raise WrongUse("UNKNOWN_SOURCE", source=source[:80], indikator=indikator[:40], level=level[:20])
    return int(store.preferences.set(str(own["jenis"].iloc[0]), indikator, level, source, said, actor.name))


@act(Act.PREFER_SOURCE)
def forget_preference(actor: Actor, store: Store, number: int) -> None:
    """Takes a preference back. Raises `WrongUse` (``UNKNOWN_PREFERENCE``)."""
    store.preferences.forget(number, actor.name)


def _conflict(jenis: str, indikator: str, level: str, pairs: pd.DataFrame, real: pd.DataFrame, role: str) -> Conflict:
    guarded = is_guarded(jenis, indikator)
    typical, largest = differences(pairs, guarded, level)
    won = pairs.groupby("source")["alasan_pilih"]
    lost = pairs.groupby("source_lain")["alasan_pilih_lain"]
    why = {
        **{str(name): keys.mode().iloc[0] for name, keys in lost},
        **{str(name): keys.mode().iloc[0] for name, keys in won},
    }
    says = []
    for source, rows in real[real["source"].isin(set(why))].groupby("source"):
        used = int(rows.loc[rows["dipakai"], "kode"].nunique())
        preferred = bool(rows["pilihan"].any())
        says.append(Say(str(source), int(rows["kode"].nunique()), used, str(why[str(source)]), preferred))
    says.sort(key=lambda say: (-say.used, -say.areas, say.source))
    return Conflict(
        jenis,
        indikator,
        level,
        int(pairs["kode"].nunique()),
        _differing(guarded, level, pairs, role),
        typical,
        largest,
        tuple(says),
    )


def _differing(guarded: bool, level: str, pairs: pd.DataFrame, role: str) -> int | None:
    """Areas where the sources differ as far as may be seen."""
    together = pairs["period_start"] == pairs["period_start_lain"]
    same = pairs[together & (pairs["period_end"] == pairs["period_end_lain"])]
    if not guarded:
        return int(same.loc[(same["value"] - same["value_lain"]).abs() > SAME, "kode"].nunique())
    if level == "desa":
        return None
    seen = [
        [
            release_count(value, level=level, role=role, published=bool(public))
            for value, public in zip(same[f"value{end}"], same[f"published{end}"], strict=True)
        ]
        for end in ("", "_lain")
    ]
    apart = [one != other for one, other in zip(*seen, strict=True)]
    return int(same.loc[apart, "kode"].nunique())
