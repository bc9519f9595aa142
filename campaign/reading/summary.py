"""The governor's page in numbers: where, since when, how sure, what is missing. Every figure names where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from campaign.reading.snapshot import Snapshot
from data.domain.levels import Level
from risk.scoring.bands import CERTAIN, MAIN, UNCERTAIN, Band, Grade
from risk.scoring.standing import ranking_of

TREND = (
    ("kasus", "pmi_meninggal"),
    ("kasus", "tppo"),
    ("kasus", "pmi_bermasalah"),
    ("keberangkatan", "prosedural"),
    ("keberangkatan", "nonprosedural"),
)


@dataclass(frozen=True)
class Sureness:
    """How far the list of the ``n_top`` highest can be trusted.

    ``certain`` villages belong to it with a probability of at least 0.8, ``tied`` with 0.2–0.8; ``swapped`` is the
    expected share of the list that does not belong there; ``width`` the median width of the 90 % interval.
    """

    n_top: int
    certain: int
    tied: int
    swapped: float
    width: float


def by_kabupaten(snapshot: Snapshot) -> pd.DataFrame:
    """Villages per kabupaten and band, the kabupaten with most Prioritas I and II first.

    Index ``kode``; columns ``nama, desa``, one per band, ``utama`` (bands I and II) and ``bagian`` (their share).
    """
    villages = snapshot.places["desa"]
    bands = snapshot.scores["desa"]["prioritas"].reindex(villages.index).fillna(Band.UNKNOWN.value)
    table = pd.crosstab(villages["kode_kab"], bands).reindex(columns=[band.value for band in Band], fill_value=0)
    table.columns.name = None
    table.insert(0, "desa", villages.groupby("kode_kab").size())
    table["utama"] = table[list(MAIN)].sum(axis=1)
    table["bagian"] = table["utama"] / table["desa"]
    table.insert(0, "nama", snapshot.places["kabupaten"]["nama"].reindex(table.index))
    table.index.name = "kode"
    return table.sort_values(["utama", "bagian"], ascending=False, kind="stable")


def top_kecamatan(snapshot: Snapshot, n: int = 10) -> pd.DataFrame:
    """The ``n`` kecamatan with the highest score: ``nama, kabupaten, prioritas, skor, skor_bawah, skor_atas, utama``.

    ``utama`` is how many of their villages are Prioritas I or II.
    """
    places, scores = snapshot.places["kecamatan"], snapshot.scores["kecamatan"]
    villages = snapshot.places["desa"]
    main = snapshot.scores["desa"]["prioritas"].isin(MAIN).reindex(villages.index, fill_value=False)
    table = places[["nama", "kabupaten"]].join(scores[["prioritas", "skor", "skor_bawah", "skor_atas"]], how="inner")
    table["utama"] = main.groupby(villages["kode_kec"]).sum().reindex(table.index).fillna(0).astype(int)
    return table.sort_values("skor", ascending=False, kind="stable").head(n)


def sureness(snapshot: Snapshot) -> Sureness | None:
    """How sure the list is; None without a score."""
    scores = snapshot.scores["desa"]
    if scores.empty or snapshot.version is None:
        return None
    n_top = snapshot.version.n_top
    chance = scores["p_top"].astype(float)
    listed = scores.sort_values("skor", ascending=False, kind="stable").head(n_top)["p_top"].astype(float)
    return Sureness(
        n_top=n_top,
        certain=int((chance >= CERTAIN).sum()),
        tied=int(((chance < CERTAIN) & (chance >= UNCERTAIN)).sum()),
        swapped=float(1 - listed.mean()),
        width=float((scores["skor_atas"] - scores["skor_bawah"]).median()),
    )


def trend(snapshot: Snapshot) -> pd.DataFrame:
    """Published figures of the province, year by year: ``tahun, indikator, nilai, sampai, penuh, sumber, satuan``.

    ``penuh`` tells a whole year from a recap that stops within it (``sampai``). Only indicators with at least three
    years, in the order of `TREND`.
    """
    facts = snapshot.published
    facts = facts[(facts["level"] == "provinsi") & facts["value"].notna()]
    rows: list[dict[str, Any]] = []
    for jenis, indikator in TREND:
        own = facts[(facts["jenis"] == jenis) & (facts["indikator"] == indikator)]
        own = own[own["period_start"].dt.year == own["period_end"].dt.year].sort_values("period_end")
        if own["period_start"].dt.year.nunique() < 3:
            continue
        for fact in own.itertuples():
            rows.append(
                {
                    "tahun": fact.period_end.year,
                    "indikator": indikator,
                    "nilai": float(fact.value),
                    "sampai": fact.period_end.date(),
                    "penuh": (fact.period_end.month, fact.period_end.day) == (12, 31),
                    "sumber": str(fact.source),
                    "satuan": str(fact.unit),
                }
            )
    return pd.DataFrame(rows, columns=["tahun", "indikator", "nilai", "sampai", "penuh", "sumber", "satuan"])


def missing(snapshot: Snapshot) -> list[tuple[str, dict[str, Any]]]:
    """What is not known or not official, as text keys with values, the weightiest first."""
    found: list[tuple[str, dict[str, Any]]] = []
    villages, scores, figures = snapshot.places["desa"], snapshot.scores["desa"], snapshot.figures
    if snapshot.data_contoh:
        found.append(("kurang.contoh", {}))
    if snapshot.version is None:
        found.append(("kurang.skor", {}))
    elif not snapshot.current:
        found.append(("kurang.usang", {}))
    tested = snapshot.evaluation
    if (tested.get("choice") or {}).get("ranking"):
        found.append(("kurang.model_henti", {}))
    elif snapshot.version and ranking_of(snapshot.version):
        found.append(("kurang.model_mundur" if snapshot.tested else "kurang.model_masih_mundur", {}))
    if snapshot.version and not snapshot.tested:
        found.append(("kurang.belum_diuji", {}))
    if snapshot.version and snapshot.version.params.get("kasus_sampai") == Level.KABUPATEN:
        found.append(("kurang.kasus_desa", {}))
    nobody = int(villages["penduduk"].isna().sum())
    if nobody:
        found.append(("kurang.penduduk", {"n": nobody}))
    if len(scores):
        unsure = int((scores["prioritas"] == Band.UNKNOWN).sum())
        poor = int(((scores["kualitas_data"] == Grade.D) & (scores["prioritas"] != Band.UNKNOWN)).sum())
        if unsure:
            found.append(("kurang.data_belum_cukup", {"n": unsure}))
        if poor:
            found.append(("kurang.mutu_d", {"n": poor}))
    if snapshot.points.empty:
        found.append(("kurang.titik", {}))
    if snapshot.boundary_kind == "perkiraan":
        found.append(("kurang.batas", {}))
    at_village = figures[(figures["level"] == "desa") & ~figures["data_contoh"]]
    if not (at_village["jenis"] == "kemiskinan").any():
        found.append(("kurang.kemiskinan", {}))
    if not (figures["indikator"] == "idm").any():
        found.append(("kurang.idm", {}))
    if snapshot.boundary_kind == "campuran":
        found.append(("kurang.batas_sebagian", {"n": len(snapshot.layers["perkiraan"] if snapshot.layers else ())}))
    if snapshot.without_polygon:
        found.append(("kurang.poligon", {"n": len(snapshot.without_polygon)}))
    return found


def evaluation(snapshot: Snapshot) -> pd.DataFrame:
    """How well each way of ranking villages does: index the ranking's key, one column per list length (shares 0–1).

    The published score comes first, then what it is compared with, the best first. Empty when nothing was evaluated.
    """
    stored = snapshot.evaluation
    prefix = "oracle" if stored.get("mode") == "truth" else "hit"
    rows = {
        entry["key"]: {n: entry[f"{prefix}_{n}"] for n in stored.get("lists", ()) if f"{prefix}_{n}" in entry}
        for entry in stored.get("rankings", ())
    }
    table = pd.DataFrame.from_dict(rows, orient="index")
    if table.empty:
        return table
    ordered = table.sort_values(table.columns[0], ascending=False, kind="stable")
    return ordered.loc[sorted(ordered.index, key=lambda key: key != "published")]
