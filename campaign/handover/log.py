"""The log of hand-overs: which files left, who took them, for which purpose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from words import has, t

if TYPE_CHECKING:
    from data.store.store import Store

LOG_COLUMNS = ("saat", "oleh", "dokumen", "berkas", "versi", "baris", "tujuan", "sidik")


def handed_over(store: Store, *versions: str) -> pd.DataFrame:
    """One row a file in `LOG_COLUMNS`, the newest first; with ``versions`` only files of those lists and plans.

    ``dokumen`` and ``tujuan`` are keys (empty where an act named none), ``sidik`` the file's SHA-256.
    """
    rows = []
    for act in store.audit.trail("export", naming=versions).to_dict("records"):
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
    found = pd.DataFrame(rows, columns=list(LOG_COLUMNS))
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
