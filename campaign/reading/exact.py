"""Counts of single people as they are stored, for the data officer of their area; each view is written to the audit."""

from __future__ import annotations

import pandas as pd

from campaign.permission import act, within
from data.disclosure import guarded_rows, release_facts
from data.domain.actor import Actor, inside
from data.domain.kinds import wholly_open
from data.domain.levels import LEVELS
from data.domain.roles import Act
from data.store.store import Store

SEEN = "lihat_persis"
"""The act under which a view stands in the audit."""
EXACT_COLUMNS = (
    "jenis",
    "indikator",
    "level",
    "kode",
    "nama",
    "period_start",
    "period_end",
    "value",
    "source",
    "batch",
)


@act(Act.SEE_EXACT)
def exact_figures(actor: Actor, store: Store, area: str) -> pd.DataFrame:
    """Guarded figures of ``area`` (a kabupaten or less) and of what lies in it, in `EXACT_COLUMNS`.

    Raises `Refused` (``FORBIDDEN``) outside of the actor's areas.
    """
    within(actor, Act.SEE_EXACT, [area])
    facts = store.facts.read(scope=actor.exact)
    facts = facts[~facts["jenis"].isin(wholly_open())]
    facts = facts[facts["kode"].map(lambda kode: inside(str(kode), area)).astype(bool)]
    facts = release_facts(facts[guarded_rows(facts)], role=actor.reader)
    villages = store.gazetteer.villages()
    names: dict[str, str] = {}
    for code, name in (("kode_kab", "kabupaten"), ("kode_kec", "kecamatan"), ("kode", "nama")):
        names |= dict(zip(villages[code].astype(str), villages[name].astype(str), strict=True))
    facts["nama"] = facts["kode"].map(names).fillna(facts["kode"])
    order = facts.assign(_level=facts["level"].map(list(LEVELS).index))
    order = order.sort_values(["jenis", "indikator", "_level", "kode", "period_start"], kind="stable")
    store.audit.record(actor.name, SEEN, {"area": area, "rows": len(order)})
    return order[list(EXACT_COLUMNS)].reset_index(drop=True)
