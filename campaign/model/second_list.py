"""The second list: what an assumed under-reporting changes, as sentences, as a table and as a file's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from campaign.reading.places import places_of
from data.errors import WrongUse
from data.store.store import Store
from words import number, percent, t

LISTS = ("kukuh", "hanya_asumsi", "hanya_terlapor")
"""On both lists, only on the one under the assumption, only on the one of what is reported."""
ASSUMED_COLUMNS = ("skor_asumsi", "skor_asumsi_bawah", "skor_asumsi_atas", "p_top_asumsi", "jam")


def curve_words(points: Iterable[Sequence[float]], lang: str = "id", key: str = "lapor.titik") -> str:
    """A reporting curve's points (hours, or percent poor; 5, 50 and 95 % point) as one says them."""
    return "; ".join(
        t(
            key,
            lang,
            jam=number(at, lang, 0 if at == int(at) else 1),
            bagian=f"{percent(low, lang)}–{percent(middle, lang)}–{percent(high, lang)}",
        )
        for at, low, middle, high in points
    )


def poverty_words(points: Iterable[Sequence[float]], known: bool = True, lang: str = "id") -> str:
    """What the curve says of poverty, as a sentence; empty when it says nothing."""
    told = curve_words(points, lang, "lapor.titik_miskin")
    return t("lapor.miskin" if known else "lapor.miskin_tidak_ada", lang, kurva=told) if told else ""


def reporting_words(second: Mapping[str, Any], lang: str = "id") -> list[str]:
    """The assumption behind the second list, and how many villages it leaves where they are."""
    assumption = t(
        "lapor.asumsi",
        lang,
        kurva=curve_words(second["kurva"], lang),
        meja=t(f"lapor.meja.{second['jarak']}", lang),
        kecepatan=number(second["km_per_jam"], lang),
    )
    poverty = poverty_words(second.get("kurva_miskin", ()), second.get("miskin_ada", True), lang)
    return [
        f"{assumption} {poverty}".strip(),
        t("lapor.hasil", lang, kukuh=len(second["kukuh"]), n=second["n_top"], lain=len(second["hanya_asumsi"])),
    ]


def robustness(second: Mapping[str, Any] | None, kode: str) -> str:
    """``kukuh``, ``hanya_asumsi`` or ``hanya_terlapor`` for a village that is on one of the two lists, else empty."""
    return next((key for key in LISTS if second and kode in second[key]), "")


def list_table(second: Mapping[str, Any], name: Any, lang: str = "id") -> pd.DataFrame:
    """The villages that the assumption moves in or out of the top: ``daftar`` (words) and ``nama``."""
    moved = [(kode, key) for key in LISTS[1:] for kode in second[key]]
    return pd.DataFrame(
        {"daftar": [t(f"lapor.daftar.{key}", lang) for _, key in moved], "nama": [name(kode) for kode, _ in moved]}
    )


def second_rows(store: Store, *, role: str = "perencana", lang: str = "id") -> pd.DataFrame:
    """One row per village, sorted by code: score by what is reported, score under the assumption with its interval and
    P(top), hours to a desk, on which list it is, and the assumption itself in every row. ``publik`` sees no numbers.

    Raises `WrongUse` (``NO_SECOND_LIST``) when the newest score version has none.
    """
    version = store.scores.version()
    second = store.results.get("pelaporan", version.versi) if version else None
    if version is None or second is None:
        raise WrongUse("NO_SECOND_LIST")
    rows = places_of(store, "desa").merge(store.scores.table("desa")[["kode", "skor"]], on="kode").sort_values("kode")
    numbers = pd.DataFrame.from_dict(second["desa"], orient="index", columns=list(ASSUMED_COLUMNS))
    rows = rows.join(numbers, on="kode").reset_index(drop=True)
    rows["skor"] = rows["skor"].round(1)
    if role == "publik":
        rows[["skor", *ASSUMED_COLUMNS[:-1]]] = float("nan")
    on = [robustness(second, kode) for kode in rows["kode"]]
    return rows.assign(
        daftar=[t(f"lapor.daftar.{key}", lang) if key else "" for key in on],
        n_top=second["n_top"],
        asumsi=reporting_words(second, lang)[0],
        versi=version.versi,
        data_contoh=version.data_contoh,
    )
