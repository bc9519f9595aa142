"""What an office arranged for the villages of a list: who goes when, in which order, and with what help."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from campaign.handover.lists import TargetList
from campaign.planning.help import audiences_of, help_of
from campaign.planning.kept_plans import help_changes
from campaign.planning.schedule import planned, schedule_of
from data.store.store import Store
from words import date_text, t

QUARTERS = (1, 2, 3, 4)


def planned_days(target_list: TargetList, store: Store) -> dict[str, dt.date]:
    """The planned day by village; villages without one are not in it."""
    arranged = planned(schedule_of(store, target_list.plan))
    return {kode: one["tanggal"] for kode, one in arranged.items() if one["tanggal"] is not None}


def arranged_columns(target_list: TargetList, store: Store, codes: pd.Series, lang: str = "id") -> dict[str, list[str]]:
    """What people arranged, as columns of the list in the order of ``codes``; empty where nobody has yet."""
    plan = target_list.plan
    arranged, helped = planned(schedule_of(store, plan)), help_of(plan, help_changes(store, plan))
    rows = [arranged.get(kode) for kode in codes]
    kinds = [helped.get(kode, []) for kode in codes]
    days = [row["tanggal"] if row else None for row in rows]
    return {
        "pelaksana": [t(f"pelaksana.{row['pelaksana']}", lang) if row and row["pelaksana"] else "" for row in rows],
        "tim": [t("jadwal.tim", lang, n=row["tim"]) if row else "" for row in rows],
        "tgl_rencana": [date_text(day, lang) if day else "" for day in days],
        "urutan_kunjungan": [str(row["urutan"]) if row else "" for row in rows],
        "bantuan": [", ".join(t(f"bantuan.lengkap.{kind}", lang) for kind in own) for own in kinds],
        "kelompok_sasaran": [", ".join(t(f"khalayak.{one}", lang) for one in audiences_of(own)) for own in kinds],
    }


def quarter(day: dt.date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1


def quarter_text(day: dt.date | None) -> str:
    """``I 2027``; empty without a day."""
    return "" if day is None else f"{('I', 'II', 'III', 'IV')[quarter(day) - 1]} {day.year}"
