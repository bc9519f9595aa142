"""A plan as tables and sentences for a screen or a document."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from campaign.planning.costs import total
from campaign.planning.plan_types import Plan, TiedVillage
from campaign.planning.request import OBJECTIVES
from campaign.reading.card import chance_key
from campaign.reading.snapshot import Snapshot
from risk.scoring.bands import Band
from words import number, percent, t


def plan_table(plan: Plan, snapshot: Snapshot, lang: str = "id") -> pd.DataFrame:
    """One row per village of the plan, trip by trip: ``kode, nama, kecamatan, kabupaten, prioritas, cara, peluang,
    hari, trip_hari, pulau, hindari``; the text in ``lang``, villages of the gazetteer only."""
    places, scores = snapshot.places["desa"], snapshot.scores["desa"]
    rows = [row for row in plan["villages"] if row["kode"] in places.index]
    bands = {str(kode): str(band) for kode, band in scores["prioritas"].items()}
    return pd.DataFrame(
        [
            {
                "kode": row["kode"],
                "nama": str(places.at[row["kode"], "nama"]),
                "kecamatan": str(places.at[row["kode"], "kecamatan"]),
                "kabupaten": str(places.at[row["kode"], "kabupaten"]),
                "prioritas": t(f"prioritas.{bands.get(row['kode'], Band.UNKNOWN)}", lang),
                "cara": t(f"rencana.cara.{row['how']}", lang),
                "peluang": t(f"peluang.{chance_key(row['p_top'])}", lang),
                "hari": row["team_days"],
                "trip_hari": row["trip_days"],
                "pulau": _island(row["pulau"], snapshot),
                "hindari": avoid_text(row["musim_hindari"], lang),
            }
            for row in rows
        ],
        columns=[
            "kode",
            "nama",
            "kecamatan",
            "kabupaten",
            "prioritas",
            "cara",
            "peluang",
            "hari",
            "trip_hari",
            "pulau",
            "hindari",
        ],
    )


def tie_table(plan: Plan, snapshot: Snapshot, lang: str = "id") -> pd.DataFrame:
    """Who took part in the draw: ``nama, kecamatan, undian`` (places of how many), ``hasil, kode, karcis``."""
    from campaign.planning.lottery import place_in_draw

    places = snapshot.places["desa"]
    return pd.DataFrame(
        [
            {
                "nama": str(places.at[row["kode"], "nama"]),
                "kecamatan": str(places.at[row["kode"], "kecamatan"]),
                "undian": t("rencana.tempat_dari", lang, tempat=row["tempat"], dari=row["dari"]),
                "hasil": t(_outcome(row), lang),
                "kode": row["kode"],
                "karcis": place_in_draw(plan["seed"], row["kode"])[:12],
            }
            for row in plan["tie_zone"]
            if row["kode"] in places.index
        ],
        columns=["nama", "kecamatan", "undian", "hasil", "kode", "karcis"],
    )


def figures(plan: Plan, snapshot: Snapshot, lang: str = "id") -> dict[str, str]:
    """The four figures of a plan as text: ``desa, orang, hari, kabupaten``; and ``rupiah`` for its team-days."""
    visited = {row["kode"][:5] for row in plan["villages"]}
    return {
        "desa": number(len(plan["villages"]), lang),
        "orang": rough(plan["objective"], lang),
        "hari": number(plan["used_team_days"], lang, 1),
        "kabupaten": f"{len(visited)}/{len(snapshot.places['kabupaten'])}",
        "rupiah": number(round(total(plan), -5), lang),
    }


def ways_in(plan: Plan, lang: str = "id") -> list[str]:
    """How many villages came in which way, one sentence each, the most first."""
    counted = Counter(row["how"] for row in plan["villages"])
    return [t(f"rencana.cara_arti.{how}", lang, n=number(n, lang)) for how, n in counted.most_common()]


def baselines(plan: Plan, lang: str = "id") -> pd.DataFrame:
    """The plan against simpler ways: ``cara, orang, banding`` (reached, and the plan's gain in percent)."""
    ways = {"rencana": plan["objective"], **plan["baselines"]}
    return pd.DataFrame(
        [
            {
                "cara": t(f"rencana.banding.{way}", lang),
                "orang": rough(reached, lang),
                "banding": "" if way == "rencana" or not reached else signed(plan["objective"] / reached - 1, lang),
            }
            for way, reached in ways.items()
        ]
    )


def compared(plan: Plan, other: Plan, snapshot: Snapshot, lang: str = "id") -> dict[str, Any]:
    """Two plans side by side: ``sama`` villages in both, ``baru`` and ``hilang`` names only in the one or the other."""
    mine, theirs = ({row["kode"] for row in one["villages"]} for one in (plan, other))
    return {
        "sama": len(mine & theirs),
        "baru": [snapshot.labels[kode] for kode in sorted(mine - theirs) if kode in snapshot.labels],
        "hilang": [snapshot.labels[kode] for kode in sorted(theirs - mine) if kode in snapshot.labels],
    }


def costliest(plan: Plan, lang: str) -> list[str]:
    """Which of several rules costs most, in one sentence; nothing where fewer than two cost anything."""
    told = [rule for rule in plan["rules"] if "persen" in rule["nilai"]]
    rules = [rule for rule in told if rule["kunci"].rsplit(".", 1)[1] not in OBJECTIVES]
    if len(rules) < 2:
        return []
    dearest = max(rules, key=lambda rule: rule["nilai"]["persen"])
    return [
        t(
            "rencana.termahal",
            lang,
            aturan=t(f"rencana.aturan.{dearest['kunci'].rsplit('.', 1)[1]}", lang),
            persen=percent(dearest["nilai"]["persen"], lang, 1),
        )
    ]


def avoided(plan: Plan, snapshot: Snapshot, lang: str) -> list[str]:
    """Areas people asked not to go to in some months, and how many villages of the plan that is about."""
    out = []
    for kode, months in plan["wishes"].get("avoid", {}).items():
        inside = sum(row["kode"] == kode or row["kode"].startswith(kode + ".") for row in plan["villages"])
        out.append(
            t(
                "rencana.dihindari",
                lang,
                wilayah=snapshot.name(kode),
                bulan=avoid_text(list(months), lang),
                n=number(inside, lang),
            )
        )
    return out


def rule_details(plan: Plan, snapshot: Snapshot, lang: str) -> list[str]:
    """What the floor of each kabupaten and island costs in team-days, the dearest first."""
    return [
        t("rencana.harga_satu", lang, wilayah=snapshot.name(one["wilayah"]), hari=number(one["hari"], lang, 1))
        for rule in plan["rules"]
        for one in rule.get("rincian", ())
    ]


def avoid_text(months: list[int], lang: str = "id") -> str:
    """Months better avoided in words: ``Januari–Februari, Desember``; empty for none."""
    spans: list[list[int]] = []
    for month in sorted(months):
        if spans and spans[-1][-1] == month - 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    names = [[t(f"bulan.{month}", lang) for month in (span[0], span[-1])] for span in spans]
    return ", ".join(first if first == last else f"{first}–{last}" for first, last in names)


def mode_text(by_sea: bool, lang: str = "id") -> str:
    """How one gets there."""
    return t("dokumen.moda.laut" if by_sea else "dokumen.moda.darat", lang)


def rough(people: float, lang: str) -> str:
    """A large number of people as one would say it: ``1,03 juta``, ``641 ribu``."""
    if people >= 1e6:
        return t("rencana.juta", lang, n=number(people / 1e6, lang, 2))
    return t("rencana.ribu", lang, n=number(people / 1e3, lang)) if people >= 1e4 else number(round(people, -1), lang)


def signed(share: float, lang: str) -> str:
    """``0.12`` → ``+12%``."""
    return ("+" if share >= 0 else "−") + percent(abs(share), lang)


def _outcome(row: TiedVillage) -> str:
    return f"rencana.{'terpilih' if row['terpilih'] else 'lewat' if row.get('lewat') else 'tidak_terpilih'}"


def _island(name: str, snapshot: Snapshot) -> str:
    """An island nobody named is called after its kecamatan."""
    return snapshot.name(name) if "." in name else name
