"""What the columns of a list are computed from: the plan, its score version, places, sessions held, the schedule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from campaign.documents.listing.arranged import arranged_columns, planned_days
from campaign.handover.lists import TargetList
from campaign.planning.plan_types import Plan
from campaign.sessions.topics import TOPICS, ticked
from campaign.statements.factors import FactorFact, facts_of
from data.choose import latest
from data.disclosure import guarded_rows
from data.store.store import Store


@dataclass(frozen=True)
class ListSource:
    """One list in one language; every part is read when a column first asks for it.

    ``given_days``: planned day by village, where the caller read the schedule already.
    """

    target_list: TargetList
    store: Store
    lang: str = "id"
    given_days: Mapping[str, dt.date] | None = None

    @cached_property
    def plan(self) -> Plan:
        return self.target_list.plan

    @cached_property
    def places(self) -> pd.DataFrame:
        """The gazetteer by ``kode``."""
        return self.store.gazetteer.villages().set_index("kode")

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The plan's villages that the gazetteer knows, by code: the order says nothing."""
        chosen = pd.DataFrame(self.plan["villages"])
        return chosen[chosen["kode"].isin(self.places.index)].sort_values("kode", ignore_index=True)

    @cached_property
    def here(self) -> pd.DataFrame:
        """The places of `rows`, in their order."""
        return self.places.loc[self.rows["kode"]]

    @cached_property
    def scored(self) -> pd.DataFrame:
        """The scores of `rows` in the plan's own version, in their order; empty where a village has none."""
        scores = self.store.scores.table("desa", self.plan["score_version"]).set_index("kode")
        return scores.reindex(self.rows["kode"])

    @cached_property
    def held(self) -> dict[str, dt.date]:
        return last_sessions(self.store)

    @cached_property
    def arranged(self) -> dict[str, list[str]]:
        return arranged_columns(self.target_list, self.store, self.rows["kode"], self.lang)

    @cached_property
    def days(self) -> Mapping[str, dt.date]:
        """The planned day by village; villages without one are not in it."""
        return planned_days(self.target_list, self.store) if self.given_days is None else self.given_days

    def reasons(self, i: int) -> list[FactorFact | None]:
        """The ``i``-th reason of each village's score, from 0."""
        return [told[i] if len(told) > i else None for told in map(facts_of, self.scored["alasan"])]

    def decided(self, part: int) -> list[str]:
        """Code (0) or words (1) of the reason for which people put a village in."""
        given = self.plan["wishes"].get("must_reasons", {})
        return [str(given.get(kode, "")).partition(":")[2 * part].strip() for kode in self.rows["kode"]]

    def counted(self, key: str) -> list[Any]:
        """The newest figure of villages whose indicator reads like the pattern ``key``, rounded to ten; empty: none."""
        facts = self.store.facts.read(jenis="indikator", level="desa").dropna(subset=["value"])
        facts = facts[~guarded_rows(facts)]
        own = latest(facts[facts["indikator"].str.fullmatch(key)].reset_index(drop=True)).set_index("kode")["value"]
        return [int(round(float(own[kode]), -1)) if kode in own.index else "" for kode in self.rows["kode"]]

    def open_topics(self) -> list[str]:
        """Letters of the topics (`campaign.sessions.topics.TOPICS`) no session of the village has ticked."""
        spoken = self.store.records.read("sesi").groupby("kode")["topik"].agg(list)
        return [
            ", ".join(sorted(set(TOPICS) - set().union(*(ticked(text) for text in spoken.get(kode, [])))))
            for kode in self.rows["kode"]
        ]

    def islands(self) -> list[str]:
        """An island nobody named is called after its kecamatan."""
        return [_island(name, self.places) for name in self.rows["pulau"]]


def costs(plan: Plan) -> pd.Series:
    """Rupiah per village (index ``kode``), its share of the trip to its kecamatan included; the plan's assumptions."""
    rows = pd.DataFrame(plan["villages"]).set_index("kode")
    rate = float(plan["wishes"]["effort"]["rupiah_per_hari"])
    own, trip = (
        (rows["biaya_rp"], rows["trip_rp"])
        if "biaya_rp" in rows
        else (rows["team_days"] * rate, rows["trip_days"] * rate)
    )
    return (own + trip / rows.groupby("trip")["team_days"].transform("size")).astype(float)


def last_sessions(store: Store) -> dict[str, dt.date]:
    """The day of the last session held, by village."""
    held = store.records.read("sesi")
    if held.empty:
        return {}
    days = pd.to_datetime(held.groupby("kode")["tanggal"].max())
    return {str(kode): day.date() for kode, day in days.items()}


def _island(name: str, places: pd.DataFrame) -> str:
    if not name[:1].isdigit():
        return name
    inside = places.index[places["kode_kec"] == name]
    return str(places.at[inside[0], "kecamatan"]) if len(inside) else ""
