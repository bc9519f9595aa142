"""Tables of areas as the screens show them: from the highest score down, words beside numbers, no count of events."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from campaign.reading.card import chance_key, outward
from campaign.reading.snapshot import Snapshot
from campaign.statements.factors import reason_sentences
from risk.scoring.bands import Band
from risk.scoring.evidence import Evidence
from words import number, t

_ABOVE = {"desa": ["kecamatan", "kabupaten"], "kecamatan": ["kabupaten"], "kabupaten": []}


def area_table(
    snapshot: Snapshot,
    level: str,
    lang: str = "id",
    kept: Iterable[str] | None = None,
    first: str = "",
    *,
    numbers: bool = True,
) -> pd.DataFrame:
    """One row per area of ``level`` (only ``kept`` codes when given), the highest score first; the area with the code
    ``first``, if it is there, stands above all.

    Columns: ``nama``, the names of the areas above (of kabupaten without that word), ``prioritas`` (words), ``bukti``
    (at which level the evidence behind its place stands, in words), ``selang`` (the score's 90 % interval as text),
    ``p_top`` (percent, 1–99: no chance is certain), ``no`` (its place in the whole province), ``skor`` (0–100),
    ``peluang`` (words), ``alasan`` (the strongest reason), ``kualitas_data``, ``kode``, ``titik`` (whether a village
    lacks an official polygon). Without ``numbers`` villages have none, and stand by band
    and code: as the public has them.
    """
    places, scores = snapshot.places[level], snapshot.scores[level]
    table = places[["nama", *_ABOVE[level]]].join(scores, how="left")
    if numbers or level != "desa":
        table = table.sort_values("skor", ascending=False, kind="stable", na_position="last")
    else:
        table[["skor", "skor_bawah", "skor_atas", "p_top"]] = float("nan")
        order = {str(band): i for i, band in enumerate(Band)}
        table = table.sort_values("prioritas", key=lambda bands: bands.map(order), kind="stable", na_position="last")
    table.insert(0, "no", range(1, len(table) + 1))
    if kept is not None:
        table = table[table.index.isin(set(kept))]
    if first in table.index:
        table = pd.concat([table.loc[[first]], table.drop(index=first)])
    table = table.reset_index(names="kode")
    bands = {band: t(f"prioritas.{band}", lang) for band in table["prioritas"].dropna().unique()}
    table["prioritas"] = table["prioritas"].map(bands).fillna(t("prioritas.data_belum_cukup", lang))
    table["peluang"] = [t(f"peluang.{chance_key(p)}", lang) if pd.notna(p) else "" for p in table["p_top"]]
    table["p_top"] = (table["p_top"].astype(float).clip(0.01, 0.99) * 100).round()
    table["alasan"] = [next(iter(reason_sentences(rows, lang)), "") for rows in table["alasan"]]
    table["selang"] = [
        " – ".join(number(side, lang) for side in outward(low, high)) if pd.notna(low) and pd.notna(high) else ""
        for low, high in zip(table["skor_bawah"], table["skor_atas"], strict=True)
    ]
    if "kabupaten" in _ABOVE[level]:
        table["kabupaten"] = table["kabupaten"].str.removeprefix("Kabupaten ")
    known = set(Evidence)
    table["bukti"] = [t(f"peta.bukti.{one}", lang) if one in known else "" for one in table["tingkat_bukti"]]
    table["titik"] = table["kode"].isin(snapshot.without_polygon)
    return table[
        [
            "nama",
            *_ABOVE[level],
            "prioritas",
            "bukti",
            "selang",
            "p_top",
            "no",
            "skor",
            "peluang",
            "alasan",
            "kualitas_data",
            "kode",
            "titik",
        ]
    ]
