"""What others did to the data between an officer's look at a file and his wish to store it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.store.store import Store


ACTS = {
    "import": "stored",
    "undo": "undone",
    "prefer_source": "preferred",
    "forget_preference": "preferred",
    "set_gazetteer": "places",
}
"""Acts that change what a file is checked against, by what is said of them (``sela.<word>`` in the catalogue)."""


@dataclass(frozen=True)
class OthersAct:
    """One act of somebody: ``what`` is a value of `ACTS`; ``name`` a batch or an indicator, ``jenis`` what it holds."""

    what: str
    at: Any
    user: str
    name: str
    jenis: str = ""
    source: str = ""


def meanwhile(store: Store, looked: int | None) -> list[OthersAct]:
    """The acts after the one numbered ``looked`` (`Store.audit.last`), the oldest first."""
    if looked is None:
        return []
    done = store.audit.since(looked)
    done = done[done["act"].isin(ACTS)]
    if done.empty:
        return []
    batches = store.batches.all().set_index("batch")
    acts = []
    for row in done.to_dict("records"):
        name = str(row["what"].get("batch") or row["what"].get("indikator") or "")
        known: Mapping[Any, Any] = batches.loc[name].to_dict() if name in batches.index else {}
        jenis = str(known.get("jenis") or row["what"].get("jenis") or "")
        source = str(known.get("source") or row["what"].get("source") or "")
        acts.append(OthersAct(ACTS[row["act"]], row["at"], str(row["user"]), name, jenis, source))
    return acts


def as_values(acts: list[OthersAct]) -> dict[str, str]:
    """The acts as values for the sentence of ``DATA_CHANGED``, by kind of act; a dash where there was none."""
    told = {
        what: "; ".join(
            f"{act.name} ({', '.join(part for part in (act.jenis, act.user) if part)})"
            for act in acts
            if act.what == what
        )
        for what in ("stored", "undone", "preferred")
    }
    return {what: text or "–" for what, text in told.items()}
