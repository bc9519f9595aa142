"""What a village's page tells beside its card: expected need, services, sessions, neighbours, data held, history.

Tables come with headings in the reader's language, every cell ready to be shown. Nothing here is a count of cases.
"""

from __future__ import annotations

import datetime as dt
from textwrap import shorten
from typing import Any

import pandas as pd

from campaign.reading.card import chance_key, outward
from campaign.reading.snapshot import Snapshot
from data.domain.capitals import distance_to_seat
from data.domain.distance import distance_km
from geo.figures import is_carried
from risk.scoring.bands import Band
from words import date_text, has, number, percent, t

SERVICES = (
    "ltsa",
    "imigrasi",
    "pelabuhan",
    "bp3mi",
    "disnaker",
    "polisi",
    "rumah_aman",
    "kesehatan",
    "bandara",
    "lintas_batas",
    "terminal",
)
"""Kinds of service point a session speaks of, the weightiest first."""


def expected_words(snapshot: Snapshot, kode: str, lang: str = "id") -> list[str]:
    """What the published model expects of a village, in sentences: cases a year, rate, chance of twice the rate."""
    scores = snapshot.scores["desa"]
    row = _row(scores, kode)
    if row is None or pd.isna(row["harapan"]):
        return []
    cases, rate = float(row["harapan"]), float(row["laju"])
    province = float(scores["harapan"].sum() / (scores["harapan"] / scores["laju"]).sum())
    said = [
        t("desa.harapan", lang, n=_small(cases, lang)),
        t("desa.laju", lang, n=_small(rate, lang), provinsi=_small(province, lang)),
    ]
    if pd.notna(row["p_rr2"]):
        said.append(t("desa.rr2", lang, p=percent(min(max(float(row["p_rr2"]), 0.01), 0.99), lang)))
    return said


def island_name(snapshot: Snapshot, kode: str, lang: str = "id") -> str:
    """The island a village lies on; empty when not known."""
    return island_title(snapshot, str(snapshot.islands.get(kode, "")), lang)


def island_title(snapshot: Snapshot, name: str, lang: str = "id") -> str:
    """An island as people call it; one known by the code of its kecamatan is called after that."""
    return t("desa.pulau_kecil", lang, kecamatan=snapshot.name(name)) if name[:1].isdigit() else name


def services(snapshot: Snapshot, kode: str, lang: str = "id") -> pd.DataFrame:
    """The nearest point of each kind and the kabupaten's seat, with the straight-line distance."""
    villages = snapshot.places["desa"]
    place = villages.loc[kode]
    rows: list[dict[str, str]] = []
    points = snapshot.points
    if pd.notna(place["lon"]) and len(points):
        away = pd.Series(distance_km(place["lon"], place["lat"], points["lon"], points["lat"]), points.index)
        for kind in (*SERVICES, *sorted(set(points["jenis"]) - set(SERVICES))):
            of_kind = away[points["jenis"] == kind]
            if len(of_kind):
                nearest = of_kind.idxmin()
                rows.append(
                    {
                        "jenis": t(f"titik.{kind}", lang) if has(f"titik.{kind}") else kind,
                        "nama": str(points.at[nearest, "nama"]),
                        "km": _km(float(of_kind[nearest]), lang),
                        "sumber": str(points.at[nearest, "source"]),
                    }
                )
    around = villages[villages["kode_kab"] == place["kode_kab"]].reset_index()
    seat = distance_to_seat(around)[around.index[around["kode"] == kode]]
    if seat.notna().all():
        rows.append(
            {
                "jenis": t("titik.pusat", lang),
                "nama": str(place["kabupaten"]),
                "km": _km(float(seat.iloc[0]), lang),
                "sumber": t("desa.sumber_pusat", lang),
            }
        )
    return _headed(rows, ("jenis", "nama", "km", "sumber"), lang)


def sessions(snapshot: Snapshot, kode: str, lang: str = "id") -> pd.DataFrame:
    """Sessions held in the village, the newest first: dates, topics, how many came."""
    held = snapshot.sessions[snapshot.sessions["kode"] == kode].sort_values("tanggal", ascending=False)
    rows = [
        {
            "tanggal": date_text(pd.Timestamp(one["tanggal"]).date(), lang),
            "topik": str(one["topik"]) or "–",
            "peserta": "–" if pd.isna(one["peserta"]) else number(int(one["peserta"]), lang),
            "sumber": str(one["source"]),
        }
        for one in held.to_dict("records")
    ]
    return _headed(rows, ("tanggal", "topik", "peserta", "sumber"), lang)


def neighbour_table(snapshot: Snapshot, kode: str, lang: str = "id", *, numbers: bool = True) -> pd.DataFrame:
    """Villages next to this one, by code (index ``kode``), with their bands; ``numbers``: and scores."""
    scores, places = snapshot.scores["desa"], snapshot.places["desa"]
    codes = [code for code in snapshot.neighbours(kode) if code in places.index]
    rows = []
    for code in codes:
        known = _row(scores, code)
        row = {
            "nama": str(places.at[code, "nama"]),
            "kecamatan": str(places.at[code, "kecamatan"]),
            "prioritas": t(f"prioritas.{_band(known)}", lang),
        }
        if numbers:
            row["selang"] = _interval(known, lang)
        rows.append(row)
    columns = ("nama", "kecamatan", "prioritas", *(("selang",) if numbers else ()))
    return _headed(rows, columns, lang).set_index(pd.Index(codes, name="kode"))


def history(snapshot: Snapshot, kode: str, lang: str = "id", *, numbers: bool = True) -> pd.DataFrame:
    """The village's band in each of the last score versions, the newest first."""
    own = snapshot.history[snapshot.history["kode"] == kode]
    rows = [
        {
            "versi": str(one["versi"]),
            "tanggal": date_text(pd.Timestamp(one["created_at"]).date(), lang),
            "prioritas": t(f"prioritas.{one['prioritas']}", lang),
            **({"skor": "–" if pd.isna(one["skor"]) else number(one["skor"], lang)} if numbers else {}),
        }
        for one in reversed(own.to_dict("records"))
    ]
    return _headed(rows, ("versi", "tanggal", "prioritas", *(("skor",) if numbers else ())), lang)


def figures_held(snapshot: Snapshot, kode: str, lang: str = "id", today: dt.date | None = None) -> pd.DataFrame:
    """Figures known of the village, or carried down to it from above, with level, period, age and source."""
    place = snapshot.places["desa"].loc[kode]
    levels = (
        ("desa", kode),
        ("kecamatan", place["kode_kec"]),
        ("kabupaten", place["kode_kab"]),
        ("provinsi", kode[:2]),
    )
    known = snapshot.figures
    rows: list[dict[str, str]] = []
    seen: set[str] = set()
    for level, code in levels:
        own = known[(known["level"] == level) & (known["kode"] == code)]
        for fact in own.sort_values("indikator").to_dict("records"):
            name = str(fact["indikator"])
            if name in seen or (level != "desa" and not is_carried(name)):
                continue
            seen.add(name)
            ends = pd.Timestamp(fact["period_end"]).date()
            years = ((today or dt.date.today()) - ends).days / 365.25
            rows.append(
                {
                    "angka": t(f"indikator.{name}", lang) if has(f"indikator.{name}") else name.replace("_", " "),
                    "nilai": number(float(fact["value"]), lang, 0 if float(fact["value"]).is_integer() else 2),
                    "tingkat": t(f"tingkat.{level}", lang),
                    "masa": str(ends.year),
                    "umur": t("desa.umur", lang, n=f"{max(years, 0):.0f}"),
                    "sumber": shorten(str(fact["source"]), 64, placeholder=" …"),
                }
            )
    return _headed(rows, ("angka", "nilai", "tingkat", "masa", "umur", "sumber"), lang)


def side_by_side(snapshot: Snapshot, one: str, other: str, lang: str = "id") -> tuple[pd.DataFrame, str]:
    """Two villages beside each other, and what the intervals allow to be said about them."""
    scores, places = snapshot.scores["desa"], snapshot.places["desa"]
    a, b = _row(scores, one), _row(scores, other)
    table = pd.DataFrame(
        {
            f"{places.at[code, 'nama']!s} ({places.at[code, 'kecamatan']!s})" + (" " if code == other else ""): [
                t(f"prioritas.{_band(row)}", lang),
                _interval(row, lang),
                t(f"peluang.{chance_key(float(row['p_top']))}", lang)
                if row is not None and pd.notna(row["p_top"])
                else "–",
                str(row["kualitas_data"]) if row is not None else "–",
            ]
            for code, row in ((one, a), (other, b))
        },
        index=[t(f"desa.banding.{name}", lang) for name in ("kelas", "skor", "peluang", "mutu")],
    )
    if a is None or b is None or pd.isna(a["skor"]) or pd.isna(b["skor"]):
        return table, t("desa.banding.tanpa_skor", lang)
    apart = a["skor_bawah"] > b["skor_atas"] or b["skor_bawah"] > a["skor_atas"]
    if not apart:
        return table, t("desa.banding.seri", lang)
    higher = one if a["skor"] > b["skor"] else other
    return table, t("desa.banding.beda", lang, nama=str(places.at[higher, "nama"]))


def _row(scores: pd.DataFrame, kode: str) -> pd.Series | None:
    at = int(scores.index.get_indexer(pd.Index([kode]))[0])
    return scores.iloc[at] if at >= 0 else None


def _band(row: pd.Series | None) -> str:
    return str(row["prioritas"]) if row is not None else Band.UNKNOWN


def _interval(row: pd.Series | None, lang: str) -> str:
    if row is None or pd.isna(row["skor"]):
        return "–"
    low, high = outward(row["skor_bawah"], row["skor_atas"])
    return f"{number(row['skor'], lang)} ({number(low, lang)}–{number(high, lang)})"


def _small(value: float, lang: str) -> str:
    return number(value, lang, 2 if value < 10 else 1)


def _km(km: float, lang: str) -> str:
    return number(km, lang, 1 if km < 10 else 0) + " km"


def _headed(rows: list[dict[str, Any]], columns: tuple[str, ...], lang: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns), dtype=object)
    return frame.rename(columns={name: t(f"desa.kolom.{name}", lang) for name in columns})
