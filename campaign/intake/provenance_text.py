"""The card of a batch and the sources of a figure in words, for the screen and the command line."""

from __future__ import annotations

import datetime as dt
from typing import Any

from campaign.intake.preview_text import measure_name, period_text
from campaign.intake.sources import Conflict, Say
from words import date_text, number, reason_text, t

Row = tuple[str, str]
"""A label and what stands beside it."""


def card_rows(card: dict[str, Any], lang: str) -> list[Row]:
    """A card of `campaign.intake.provenance` as labelled lines."""
    made = dt.datetime.fromisoformat(card["created_at"])
    as_of = dt.date.fromisoformat(card["as_of"]) if card["as_of"] else None
    rows = [
        ("jenis", t(f"data.jenis.{card['jenis']}", lang)),
        ("sumber", card["source"]),
        ("masa", _period(card["period"], lang) if card["period"] else ""),
        ("per", date_text(as_of, lang) if as_of else t("asal.tidak_disebut", lang)),
        ("oleh", t("asal.oleh_saat", lang, oleh=card["user"] or "–", saat=made)),
        ("berkas", card["file_name"] or "–"),
        ("sidik", t("asal.terlindung", lang) if card["guarded"] else card["sha256"] or "–"),
        ("baris", balance(card, lang)),
    ]
    for key in ("refused", "skipped"):
        if card[key]:
            rows.append(
                (key, "; ".join(f"{reason_name(reason, lang)} ({number(n, lang)})" for reason, n in card[key].items()))
            )
    if card["records"]:
        rows.append(("catatan", number(card["records"], lang)))
    if card["taken_back"]:
        when = dt.datetime.fromisoformat(card["taken_back"]["at"])
        rows.append(("dibatalkan", t("asal.oleh_saat", lang, oleh=card["taken_back"]["user"] or "–", saat=when)))
    return [(t(f"asal.{label}", lang), text) for label, text in rows if text]


def balance(card: dict[str, Any], lang: str) -> str:
    """``12 dibaca = 10 tersimpan + 1 ditolak + 1 dilewati``."""
    if card["guarded"]:
        return t("asal.terlindung", lang)
    return t(
        "asal.neraca",
        lang,
        dibaca=card["rows_read"],
        tersimpan=card["rows_stored"],
        ditolak=card["rows_refused"],
        dilewati=card["rows_skipped"],
    )


def use_lines(card: dict[str, Any], lang: str) -> list[str]:
    """Which figures and boundaries of a batch are in use, which are not, and why; one line each."""
    lines = []
    for one in card["figures"]:
        said = t(
            "asal.angka",
            lang,
            nama=measure_name(one["indikator"], lang),
            wilayah=one["areas"],
            tingkat=t(f"tingkat.{one['level']}", lang).lower(),
            masa=_period(one["period"], lang),
        )
        used = t("asal.dipakai", lang, n=one["in_use"], alasan=_why(one["why_used"], lang)) if one["in_use"] else ""
        back = (
            t("asal.tidak_dipakai", lang, n=one["superseded"], alasan=_why(one["why_not"], lang))
            if one["superseded"]
            else ""
        )
        lines.append(" ".join(part for part in (said, used, back) if part))
    for one in card["boundaries"]:
        level = t(f"tingkat.{one['level']}", lang).lower()
        lines.append(t("asal.batas", lang, n=one["n_polygons"], tingkat=level, kab=len(one["in_force_in"])))
    return lines


def conflict_title(one: Conflict, lang: str) -> str:
    """``PMI meninggal, tingkat kabupaten/kota: 18 wilayah, 10 sumber``."""
    return t(
        "sumber.judul_satu",
        lang,
        nama=measure_name(one.indikator, lang),
        n=one.areas,
        sumber=len(one.says),
        tingkat=t(f"tingkat.{one.level}", lang).lower(),
    )


def conflict_lines(one: Conflict, lang: str) -> list[str]:
    """How far the sources are apart, as far as it may be told."""
    lines = []
    if one.differing is not None:
        lines.append(t("sumber.berbeda" if one.differing else "sumber.tidak_berbeda", lang, n=one.differing))
    else:
        lines.append(t("sumber.tanpa_desa", lang))
    if one.typical is not None:
        lines.append(t("pratinjau.selisih", lang, lazim=one.typical, terbesar=one.largest))
    return lines


def say_line(one: Say, lang: str) -> str:
    """One source's part in a line, for the command line."""
    return t(
        "sumber.baris", lang, sumber=one.source, n=one.areas, dipakai=one.used, alasan=t(f"pilih.{one.reason}", lang)
    )


def reason_name(reason: str, lang: str) -> str:
    """A reason of a row without its values, as short as the catalogue has it."""
    said = reason_text(reason, {}, lang)
    return said if said != reason else reason.replace("_", " ").lower()


def _period(days: list[str], lang: str) -> str:
    import pandas as pd

    return period_text(pd.Timestamp(days[0]), pd.Timestamp(days[1]), lang)


def _why(reasons: dict[str, int], lang: str) -> str:
    ordered = sorted(reasons, key=lambda key: -reasons[key])
    if len(ordered) == 1:
        return t(f"pilih.{ordered[0]}", lang)
    return "; ".join(f"{t(f'pilih.{key}', lang)} ({number(reasons[key], lang)})" for key in ordered)
