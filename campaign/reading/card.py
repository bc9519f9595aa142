"""What a card says about one area: band, score with its interval, chance, reasons, data quality, what is approximate.

Everything comes from the snapshot; nothing here counts events.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from campaign.model.second_list import robustness
from campaign.reading.snapshot import Snapshot, level_of
from campaign.statements.factors import reason_sentences
from campaign.statements.shares import chance_text
from data.domain.levels import Level
from risk.scoring.bands import CERTAIN, UNCERTAIN, Band, Grade
from risk.scoring.covariates import COVARIATES
from risk.scoring.evidence import Evidence
from words import number, t

NARROW, WIDE = 15.0, 35.0
CHANCES = ("tegas_masuk", "seri_atas", "seri_bawah", "tegas_luar")
"""Words for a chance to be among the top: surely in, the tie zone's upper and lower half, surely out."""


@dataclass(frozen=True)
class Card:
    """Ready sentences in one language; ``reasons`` has at most three, ``remarks`` what must be said with the card."""

    kode: str
    level: str
    name: str
    kind: str
    place: str
    band: str
    band_key: Band
    score: str
    width: str
    chance: str
    reasons: tuple[str, ...]
    quality: str
    remarks: tuple[str, ...]


def chance_key(p_top: float) -> str:
    """The word of `CHANCES` for a probability to be among the top."""
    return CHANCES[sum(not p_top >= limit for limit in (CERTAIN, 0.5, UNCERTAIN))]


def area_card(snapshot: Snapshot, kode: str, lang: str = "id") -> Card | None:
    """The card of a village, kecamatan or kabupaten; None for a code that is not in the gazetteer."""
    level = level_of(kode)
    places = snapshot.places[level]
    if kode not in places.index:
        return None
    place = _row(places, kode)
    scores = snapshot.scores[level]
    row = _row(scores, kode) if kode in scores.index else None
    kind = f"kartu.jenis.{place['jenis']}" if level == "desa" else f"kartu.jenis.{level}"
    band = Band(row["prioritas"]) if row is not None else Band.UNKNOWN
    where = [str(place[name]) for name in ("kecamatan", "kabupaten") if level == "desa" or name == "kabupaten"]
    return Card(
        kode=kode,
        level=level,
        name=str(place["nama"]),
        kind=t(kind, lang),
        place=", ".join(where) if level != "kabupaten" else "",
        band=t(f"prioritas.{band}", lang),
        band_key=band,
        score=_score(row, lang),
        width=_width(row, lang),
        chance=_chance(row, lang),
        reasons=reason_sentences(row["alasan"], lang) if row is not None else (),
        quality=_quality(snapshot, row, level, lang),
        remarks=tuple(_remarks(snapshot, place, kode, level, lang)),
    )


def chance_words(p_top: float, n_top: int, lang: str = "id") -> str:
    """A probability to be among the ``n_top`` highest, as a sentence; never 0 % or 100 %."""
    return t(f"kartu.p.{chance_key(p_top)}", lang, n=int(n_top), p=chance_text(p_top, lang))


def _row(table: pd.DataFrame, kode: str) -> pd.Series:
    return table.iloc[int(table.index.get_indexer(pd.Index([kode]))[0])]


def _known(row: pd.Series | None, *names: str) -> bool:
    return row is not None and all(pd.notna(row[name]) for name in names)


def outward(low: float, high: float) -> tuple[int, int]:
    """An interval in whole numbers, rounded outwards: one of 99.6 to 100 is no certainty, nor a single number."""
    below, above = math.floor(low), math.ceil(high)
    return (below, above) if below < above else (max(below - 1, 0), max(above, 1))


def _score(row: pd.Series | None, lang: str) -> str:
    if not _known(row, "skor", "skor_bawah", "skor_atas"):
        return t("kartu.tanpa_skor", lang)
    assert row is not None
    low, high = outward(row["skor_bawah"], row["skor_atas"])
    return t("kartu.skor", lang, skor=number(row["skor"], lang), bawah=number(low, lang), atas=number(high, lang))


def _width(row: pd.Series | None, lang: str) -> str:
    if not _known(row, "skor_bawah", "skor_atas"):
        return ""
    assert row is not None
    width = row["skor_atas"] - row["skor_bawah"]
    return t("kartu.sempit" if width < NARROW else "kartu.lebar" if width > WIDE else "kartu.sedang", lang)


def _chance(row: pd.Series | None, lang: str) -> str:
    if not _known(row, "p_top", "n_top"):
        return ""
    assert row is not None
    return chance_words(float(row["p_top"]), int(row["n_top"]), lang)


def _quality(snapshot: Snapshot, row: pd.Series | None, level: str, lang: str) -> str:
    """Grade, what the order stands on and, of a village, which figures have a part in it."""
    if row is None or row["kualitas_data"] not in list(Grade):
        return ""
    grade = row["kualitas_data"]
    said = [t("kartu.mutu", lang, mutu=f"{grade} – {t(f'kartu.mutu_arti.{grade}', lang)}")]
    if row["tingkat_bukti"] in list(Evidence):
        said.append(t(f"kartu.bukti.{row['tingkat_bukti']}", lang))
        if level == "desa":
            said += ordering_words(snapshot.params.get("covariates", {}), lang)
    return " ".join(said)


def ordering_words(covariates: Mapping[str, Mapping[str, Any]], lang: str = "id") -> list[str]:
    """Which figures order villages within a kabupaten and which do not, from what a score version keeps of them."""
    order: list[str] = []
    others: list[str] = []
    for name, one in covariates.items():
        of_villages = name in COVARIATES and COVARIATES[name].native == Level.DESA and one.get("borrowed", 0.0) < 1.0
        if "mengurutkan" in one:
            (order if one["mengurutkan"] and of_villages else others).append(t(f"peta.faktor.{name}", lang))
    told = (("kartu.mengurutkan", order), ("kartu.tak_mengurutkan", others))
    return [t(key, lang, angka=", ".join(names)) for key, names in told if names]


def _remarks(snapshot: Snapshot, place: pd.Series, kode: str, level: str, lang: str) -> list[str]:
    remarks = []
    if on := robustness(snapshot.reporting, kode):
        remarks.append(t(f"kartu.lapor.{on}", lang, n=snapshot.reporting["n_top"]))
    if level == "desa" and kode in snapshot.without_polygon:
        remarks.append(t("kartu.tanpa_poligon", lang))
        if place["presisi_titik"] == "kecamatan":
            remarks.append(t("kartu.titik_kecamatan", lang))
    elif snapshot.approximate(kode):
        remarks.append(t("kartu.batas_perkiraan", lang))
    return remarks
