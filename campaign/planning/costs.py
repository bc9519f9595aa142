"""What a plan costs, village by village, trip by trip and altogether, with the assumptions it rests on."""

from __future__ import annotations

from dataclasses import asdict, fields

import pandas as pd

from campaign.planning.effort import Effort, effort_of
from campaign.planning.plan_types import Plan
from words import t


def total(plan: Plan) -> int:
    """Rupiah of the villages of a plan and their trips."""
    rows = priced(plan)
    return round(float(rows["biaya_rp"].sum() + rows.drop_duplicates("trip")["trip_rp"].sum()))


def priced(plan: Plan) -> pd.DataFrame:
    """A row per village: ``kode, trip, hari, trip_hari, biaya_rp`` (its own) and ``trip_rp`` (of the whole trip)."""
    rate = float(plan["wishes"]["effort"]["rupiah_per_hari"])
    return pd.DataFrame(
        [
            {
                "kode": row["kode"],
                "trip": row["trip"],
                "hari": row["team_days"],
                "trip_hari": row["trip_days"],
                "biaya_rp": row.get("biaya_rp", row["team_days"] * rate),
                "trip_rp": row.get("trip_rp", row["trip_days"] * rate),
            }
            for row in plan["villages"]
        ]
    )


def by_trip(plan: Plan) -> pd.DataFrame:
    """A row per trip: ``trip, desa`` (how many), ``hari`` and ``biaya_rp`` of way and sessions together."""
    rows = (
        priced(plan)
        .groupby("trip", as_index=False)
        .agg(
            desa=("kode", "size"),
            hari=("hari", "sum"),
            way=("trip_hari", "first"),
            own=("biaya_rp", "sum"),
            trip_rp=("trip_rp", "first"),
        )
    )
    rows["hari"] = (rows["hari"] + rows["way"]).round(2)
    rows["biaya_rp"] = (rows["own"] + rows["trip_rp"]).round(-3).astype(int)
    return rows[["trip", "desa", "hari", "biaya_rp"]]


def components(plan: Plan) -> list[tuple[str, float, float, float]]:
    """What the villages of a plan and their trips cost by kind: assumption, how many, price, rupiah."""
    rows, effort = priced(plan), effort_of(plan["wishes"]["effort"])
    trips = rows.drop_duplicates("trip")
    days = float(rows["hari"].sum() + trips["trip_hari"].sum())
    spent = float(rows["biaya_rp"].sum() + trips["trip_rp"].sum())
    sessions = len(rows) * effort.rupiah_per_sesi
    by_sea = spent - days * effort.rupiah_per_hari - sessions
    crossings = by_sea / effort.rupiah_per_laut if effort.rupiah_per_laut else 0.0
    return [
        ("rupiah_per_hari", round(days, 2), effort.rupiah_per_hari, days * effort.rupiah_per_hari),
        ("rupiah_per_sesi", len(rows), effort.rupiah_per_sesi, sessions),
        ("rupiah_per_laut", round(crossings), effort.rupiah_per_laut, max(by_sea, 0.0)),
    ]


def assumptions(plan: Plan, lang: str = "id") -> pd.DataFrame:
    """``anggapan, nilai, sumber`` of a plan: where nobody wrote a source it is this project's own assumption."""
    effort, sources = asdict(effort_of(plan["wishes"]["effort"])), plan["wishes"].get("effort_sources", {})
    usual = asdict(Effort())
    return pd.DataFrame(
        [
            {
                "anggapan": t(f"rencana.anggapan.{one.name}", lang),
                "nilai": effort[one.name],
                "sumber": sources.get(one.name)
                or t("biaya.anggapan_proyek" if effort[one.name] == usual[one.name] else "biaya.tanpa_sumber", lang),
            }
            for one in fields(Effort)
        ]
    )
