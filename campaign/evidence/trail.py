"""The audit as people read it: who, when, what, in words; one kind of act in one group."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.store.store import Store
from words import has, t


class Group(StrEnum):
    """What a kind of act is to somebody who must answer for it (``jejak.kelompok.<group>``)."""

    SAW = "melihat"
    TOOK = "membawa"
    CHANGED = "mengubah"
    REFUSED = "ditolak"
    CAME = "masuk"
    KEPT = "merawat"


_GROUPS = {
    "view": Group.SAW,
    "preview": Group.SAW,
    "export": Group.TOOK,
    "unduh": Group.TOOK,
    "backup": Group.TOOK,
    "incident_report": Group.TOOK,
    "refused": Group.REFUSED,
    "restore": Group.KEPT,
    "audit_cut": Group.KEPT,
    "clock_back": Group.KEPT,
}
_BEGINNINGS = {
    "view_": Group.SAW,
    "lihat_": Group.SAW,
    "sign_": Group.CAME,
    "account": Group.CAME,
    "masuk": Group.CAME,
    "akun": Group.CAME,
}
_AT_ONCE = 2_000
COLUMNS = ("nomor", "saat", "nama", "akun", "kelompok", "tindakan", "rincian", "sebelum_rantai", "sidik")
_SHOWN = (
    "file",
    "what",
    "versi",
    "batch",
    "jenis",
    "kode",
    "indikator",
    "purpose",
    "rows",
    "role",
    "act",
    "peer",
    "method",
    "head",
    "key",
    "audit_broken",
    "replaced",
    "before",
    "akun",
    "peran",
    "wilayah",
    "sumber",
    "source",
    "sebab",
    "area",
    "kabupaten",
    "areas",
    "kali",
)
"""Parts of a row's content that are shown, in this order; hashes of files stay in ``--json``."""


@dataclass(frozen=True)
class TrailQuery:
    """Which rows: of a person (name or account), of one group, between two days, with a text somewhere."""

    user: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    group: str = ""
    text: str = ""


def group_of(kind: str) -> Group:
    """The group of a kind of act; what is in no list changed something."""
    for beginning, group in _BEGINNINGS.items():
        if kind.startswith(beginning):
            return group
    return _GROUPS.get(kind, Group.CHANGED)


def act_name(kind: str, lang: str = "id") -> str:
    """A kind of act in words; one that has none stands for itself."""
    for key in (f"jejak.tindakan.{kind}", f"tindakan.{kind}"):
        if has(key):
            return t(key, lang)
    return kind


@act(Act.READ_AUDIT, quiet=True)
def read_audit(
    actor: Actor, store: Store, query: TrailQuery = TrailQuery(), *, lang: str = "id", most: int | None = None
) -> pd.DataFrame:
    """`COLUMNS`, the newest first, at ``most`` so many; words in one language. Raises `Refused` (``FORBIDDEN``)."""
    return trail_rows(store, query, lang, most)


def trail_rows(store: Store, query: TrailQuery, lang: str = "id", most: int | None = None) -> pd.DataFrame:
    """As `read_audit`, for acts that read the audit for another purpose."""
    acts = [kind for kind in store.audit.kinds() if group_of(kind) == query.group] if query.group else None
    which: dict[str, Any] = {"user": query.user, "since": query.since, "until": query.until, "acts": acts}
    if not query.text.split():
        return _in_words(store.audit.rows(**which, newest=most), lang)
    # What a row says in words the database does not know: it is read on until there are enough that fit.
    parts: list[pd.DataFrame] = []
    before = None
    while most is None or sum(map(len, parts)) < most:
        found = store.audit.rows(**which, newest=_AT_ONCE, before=before)
        parts.append(_with_words(_in_words(found, lang), query.text))
        if len(found) < _AT_ONCE:
            break
        before = int(found["id"].iloc[0])
    shown = pd.concat(parts, ignore_index=True)
    return shown if most is None else shown.head(most)


def _with_words(shown: pd.DataFrame, text: str) -> pd.DataFrame:
    words = text.casefold().split()
    said = shown[["nama", "akun", "tindakan", "rincian"]].to_numpy(str).tolist()
    fits = [all(word in " ".join(cells).casefold() for word in words) for cells in said]
    return shown[pd.Series(fits, shown.index, dtype=bool)]


def _in_words(found: pd.DataFrame, lang: str) -> pd.DataFrame:
    groups = [group_of(kind) for kind in found["act"]]
    shown = pd.DataFrame(
        {
            "nomor": found["id"],
            "saat": pd.to_datetime(found["at"]),
            "nama": found["user"],
            "akun": found["account"],
            "kelompok": pd.Series([str(group) for group in groups], dtype=object),
            "tindakan": pd.Series([act_name(kind, lang) for kind in found["act"]], dtype=object),
            "rincian": pd.Series([details(json.loads(text), lang) for text in found["what_json"]], dtype=object),
            "sebelum_rantai": found["earlier"].astype(bool),
            "sidik": found["hash"],
        }
    )[::-1]
    return shown.reset_index(drop=True)


def details(what: dict[str, Any], lang: str = "id") -> str:
    """What a row says beside its kind, on one line."""
    parts = []
    for name in _SHOWN:
        value = what.get(name)
        if value in (None, "", []):
            continue
        told = act_name(str(value), lang) if name == "act" else str(value)
        parts.append(f"{t(f'jejak.rincian.{name}', lang)} {told}")
    return "; ".join(parts)
