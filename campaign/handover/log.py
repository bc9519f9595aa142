"""Handing over: a file leaves whole, past the leak test, and the audit says who took it and for which purpose."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from data.errors import WrongUse
from data.workspace import Workspace
from words import has, t

if TYPE_CHECKING:
    from data.store.store import Store

PURPOSES = ("pelaksanaan", "penetapan", "koordinasi", "pelaporan")
"""What a file may be handed out for; none of them restricts or accuses anybody."""
COLUMNS = ("saat", "oleh", "dokumen", "berkas", "versi", "baris", "tujuan", "sidik")


def check_purpose(purpose: str) -> None:
    """Raises `WrongUse` (``UNKNOWN_PURPOSE``) for one that is none of `PURPOSES`."""
    if purpose not in PURPOSES:
        raise WrongUse("UNKNOWN_PURPOSE", value=purpose[:40], allowed=", ".join(PURPOSES))


def hand_over(
    make: Callable[[Path], Any],
    path: Path,
    store: Store,
    workspace: Workspace,
    *,
    user: str,
    what: dict[str, Any],
    versi: str | None = None,
) -> str:
    """Makes a file beside its place, moves it there whole, and writes who took what for which purpose to the audit.

    Returns the file's SHA-256. Raises `WrongUse` (``NO_FOLDER``); `Refused` (``SCORE_LEAKS``) when the score version it
    is made from, the newest unless named, gives villages' counts away: nothing is made then.
    """
    from risk.evaluation.leak import guard  # scikit-learn takes a second to import

    if not path.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(path.parent))
    guard(store, workspace, user, versi)
    handle, name = tempfile.mkstemp(suffix=path.suffix.lower(), prefix=".", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    temporary.unlink()
    try:
        make(temporary)
        digest = hashlib.sha256(temporary.read_bytes()).hexdigest()
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    store.audit.record(user, "export", {"file": path.name, **what, "sha256": digest})
    return digest


def handed_over(store: Store, *versions: str) -> pd.DataFrame:
    """One row a file in `COLUMNS`, the newest first; with ``versions`` only files of those lists and plans.

    ``dokumen`` and ``tujuan`` are keys (empty where an act named none), ``sidik`` the file's SHA-256.
    """
    trail = store.audit.trail()
    rows = []
    for act in trail[trail["act"] == "export"].to_dict("records"):
        what = json.loads(act["what_json"])
        rows.append(
            (
                act["at"],
                act["user"],
                what.get("what", "skor"),
                what.get("file", ""),
                what.get("versi", ""),
                int(what.get("rows", 0)),
                what.get("purpose", ""),
                what.get("sha256", ""),
            )
        )
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found[found["versi"].isin(versions)].reset_index(drop=True) if versions else found


def in_words(found: pd.DataFrame, lang: str = "id") -> pd.DataFrame:
    """`handed_over` for reading: titles and words in one language, the beginning of the fingerprint."""
    shown = pd.DataFrame(
        {
            "saat": [t("serah.saat", lang, saat=day) for day in pd.to_datetime(found["saat"]).dt.to_pydatetime()],
            "oleh": found["oleh"],
            "dokumen": [_named("serah.dokumen", key, lang) for key in found["dokumen"]],
            "berkas": found["berkas"],
            "baris": found["baris"].astype(str),
            "tujuan": [_named("dokumen.tujuan_pakai", key, lang) for key in found["tujuan"]],
            "sidik": found["sidik"].str[:12],
        }
    )
    return shown.rename(columns={name: t(f"serah.kolom.{name}", lang) for name in shown.columns})


def _named(room: str, key: str, lang: str) -> str:
    return t(f"{room}.{key}", lang) if has(f"{room}.{key}") else key or "–"
