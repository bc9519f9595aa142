"""The first sentence of a summary, a note or slides: what was chosen or where most of it lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pandas as pd

from campaign.planning.plan_types import Plan
from words import number, t

NAMED = 3


def plan_headline(plan: Plan, lang: str = "id") -> str:
    """How many villages in how many kabupaten with how many days, and by which way they came in; ways that brought none
    are not told."""
    ways = Counter(row["how"] for row in plan["villages"])
    said = "; ".join(t(f"pernyataan.cara.{way}", lang, n=n) for way, n in ways.most_common())
    visited = len({row["kode"][:5] for row in plan["villages"]})
    if not visited:
        return t("pernyataan.rencana_kosong", lang)
    return t(
        "pernyataan.rencana",
        lang,
        hari=number(plan["used_team_days"], lang),
        n=len(plan["villages"]),
        kab=visited,
        cara=said,
    )


def score_headline(table: pd.DataFrame, lang: str = "id", name: Callable[[str], str] = str) -> str:
    """How many villages are in bands I and II and where most of them are. ``table`` is
    `campaign.reading.summary.by_kabupaten`; a kabupaten without one is not named."""
    total, villages = int(table["utama"].sum()), int(table["desa"].sum())
    leading = [name(str(one)) for one in table.loc[table["utama"] > 0, "nama"].head(NAMED)]
    if not total:
        return t("pernyataan.tanpa_utama", lang, desa=villages)
    where = enumerated(leading, lang)
    key = "terbanyak" if (table["utama"] > 0).sum() > len(leading) else "semua"
    return t(f"pernyataan.utama_{key}", lang, n=total, desa=villages, wilayah=where)


def enumerated(names: list[str], lang: str = "id") -> str:
    """``a, b, dan c``."""
    return names[0] if len(names) == 1 else t("pernyataan.dan", lang, awal=", ".join(names[:-1]), akhir=names[-1])
