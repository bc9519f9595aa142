"""Chapters of the model card: what secrecy costs, whom the list reaches and who is passed over."""

from __future__ import annotations

from typing import Any

from campaign.model.card_parts import Table, cell
from words import has, number, percent, t

NOTED = 0.03
"""Share of the expected need from which a group passed over is named: three villages of a hundred."""


def secrecy(found: dict[str, Any], names: dict[str, str], lang: str) -> list[str | Table]:
    parts: list[str | Table] = []
    ways = found.get("disclosure") or []
    if ways:
        truth = "oracle_100" in ways[0]
        columns = [
            t("model.cara", lang),
            *([t("evaluasi.daftar", lang, n=n) for n in found["lists"]] if truth else []),
            t("model.penyerang", lang),
            t("model.penyerang_kec", lang),
        ]
        rows = [
            [
                ("**%s**" if one["chosen"] else "%s") % t(f"model.cara.{one['key']}", lang),
                *([percent(one[f"oracle_{n}"], lang) for n in found["lists"]] if truth else []),
                number(one["auc_gain_over_public"], lang, 3),
                number(one["auc_gain_within_kecamatan"], lang, 3),
            ]
            for one in ways
        ]
        parts += [t("model.harga", lang), Table("rahasia", columns, rows)]
    if "band_changes" in found:
        parts.append(t("model.satu_lagi", lang, persen=percent(found["band_changes"], lang, 1)))
    released = found.get("released") or {}
    if released.get("rows"):
        columns = [t("tingkat.kabupaten", lang), t("model.semua_tahun", lang), *released["years"]]
        rows = [
            [
                names.get(one["kode"], one["kode"]),
                cell(one["total"], lang),
                *(cell(one[year], lang) for year in released["years"]),
            ]
            for one in released["rows"]
        ]
        parts += [t("model.boleh_keluar", lang), Table("boleh_keluar", columns, rows)]
    return parts


def fairness(found: dict[str, Any], names: dict[str, str], lang: str) -> list[str | Table]:
    parts: list[str | Table] = []
    for way, groups in (found.get("fairness") or {}).items():
        columns = [
            t(f"model.kelompok.{way}", lang),
            t("model.desa", lang),
            t("model.bagian_penduduk", lang),
            t("model.bagian_perkiraan", lang),
            t("model.bagian_daftar", lang),
        ]
        rows = [
            [
                _group(way, one["group"], names, lang),
                number(one["villages"], lang),
                percent(one["people"], lang, 1),
                percent(one["expected"], lang, 1),
                percent(one["list"], lang, 1),
            ]
            for one in groups
        ]
        parts.append(Table(f"adil_{way}", columns, rows))
    if parts:
        parts[:0] = [t("model.adil_arti", lang), *_passed_over(found["fairness"], names, lang)]
    loop = found.get("feedback")
    if loop:
        known = loop["ratio"] is not None
        parts.append(
            t(
                "model.gema",
                lang,
                n=loop["visited"],
                tahun=str(loop["year"]),
                rasio=number(loop["ratio"], lang, 1),
                bawah=number(loop["low"], lang, 1),
                atas=number(loop["high"], lang, 1),
            )
            if known
            else t("model.gema_belum", lang, n=loop["visited"])
        )
    return parts


def _passed_over(fairness: dict[str, Any], names: dict[str, str], lang: str) -> list[str | Table]:
    """Groups whose share of the list is below half, or above twice, their share of the expected need."""
    said = []
    for key, apart in (
        ("kurang", lambda one: one["list"] < one["expected"] / 2),
        ("lebih", lambda one: one["list"] > one["expected"] * 2),
    ):
        found = [
            t(
                "model.adil_satu",
                lang,
                nama=_group(way, one["group"], names, lang),
                perlu=percent(one["expected"], lang, 1),
                daftar=percent(one["list"], lang, 1),
            )
            for way in ("kabupaten", "pulau")
            for one in fairness.get(way, [])
            if one["expected"] >= NOTED and apart(one)
        ]
        if found:
            said.append(t(f"model.adil_{key}", lang, daftar=", ".join(dict.fromkeys(found))))
    return list(said)


def _group(way: str, group: str, names: dict[str, str], lang: str) -> str:
    return (
        names.get(group, group)
        if way == "kabupaten"
        else t(f"model.{way}.{group}", lang)
        if has(f"model.{way}.{group}")
        else group
    )
