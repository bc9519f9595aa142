"""Frozen lists as a table: version, state, until when, who signed which step, and what each takes the place of."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from campaign.handover.lists import TargetList, chain
from data.store.store import Store
from words import date_text, number, t

SIGNED_LIST_COLUMNS = ("versi", "status", "desa", "berlaku", "dibuat", "diperiksa", "disetujui", "rantai")


def list_table(lists: Iterable[TargetList], store: Store, lang: str = "id") -> pd.DataFrame:
    """One row a frozen list, in their order; heads and cells ready to be shown."""
    rows = []
    for target_list in lists:
        signed = {step: f"{who}, {date_text(day, lang)}" if day else "–" for step, who, day in target_list.signed}
        rows.append(
            (
                target_list.versi,
                t(f"dokumen.status.{target_list.status}", lang),
                number(len(target_list.plan["villages"]), lang),
                date_text(target_list.until, lang),
                signed["dibuat"],
                signed["diperiksa"],
                signed["disetujui"],
                " ← ".join(chain(store, target_list.versi)[1:]) or "–",
            )
        )
    return pd.DataFrame(rows, columns=[t(f"serah.daftar.{name}", lang) for name in SIGNED_LIST_COLUMNS])
