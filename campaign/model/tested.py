"""First things of the model card: what protecting villages costs on the office's own years, and the tests by level."""

from __future__ import annotations

from typing import Any

from campaign.model.card_parts import Picture, Table, cell, ranking_name, share
from campaign.model.forecast_picture import Mark, forecast_picture
from data.domain.levels import DRAWN, Level
from risk.scoring.standing import was_evaluated
from words import number, percent, t

SIMPLE = ("eb", "last_year", "mean", "past_counts", "population", "poverty")
"""Simple ways that the score is compared with at every level."""
WHY_NOT = ("sebagian", "tanpa_tahun_lalu", "tanpa_kejadian")


def price_words(found: dict[str, Any], lang: str) -> str:
    """One sentence: the public list against the full model against past counts, on the office's own years."""
    price = found.get("price") or {}
    if price:
        told = t(
            "model.harga_tahun",
            lang,
            kejadian=cell(price["cases"], lang),
            tahun=_years(price["years"]),
            n=price["n"],
            tingkat=t(f"tingkat.{price['level']}", lang).lower(),
            **{name: share(price[key], lang) for name, key in _SIDES.items()},
        )
        return told if price["level"] == Level.DESA else f"{told} {t('model.harga_kasar', lang)}"
    known = {one["key"]: one for one in found.get("rankings") or []}
    if found.get("mode") == "truth" and set(_SIDES.values()) <= known.keys():
        n = found["lists"][0]
        shares = {name: percent(known[key][f"oracle_{n}"], lang) for name, key in _SIDES.items()}
        return t("model.harga_contoh", lang, n=n, **shares)
    return t("model.harga_belum" if was_evaluated(found) else "model.harga_belum_diuji", lang)


_SIDES = {"terbit": "published", "penuh": "full", "lalu": "past_counts"}


def level_words(found: dict[str, Any], lang: str) -> str:
    """What the tests say at the finest level that was tested; empty when none was."""
    return next((_compared(level, one, lang) for level, one in _levels(found)), "")


def _levels(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The tested levels, the finest first, whatever order they were stored in."""
    levels = found.get("levels") or {}
    return [(str(level), levels[level]) for level in DRAWN if level in levels]


def _compared(level: str, one: dict[str, Any], lang: str) -> str:
    ours = one["methods"]["published"]["log_score"]
    better = [key for key in SIMPLE if key in one["methods"] and one["methods"][key]["log_score"] > ours]
    said = {"tingkat": t(f"tingkat.{level}", lang).lower(), "tahun": _years(one["years"])}
    if better:
        return t("model.uji_kalah", lang, lain=", ".join(ranking_name(key, lang) for key in better), **said)
    return t("model.uji_unggul", lang, **said)


def alarms(found: dict[str, Any], lang: str) -> list[str]:
    """A sentence for each level whose newest year fell outside what was predicted in too many areas."""
    return [
        t(
            "model.alarm",
            lang,
            tahun=str(one["alarm"]["year"]),
            tingkat=t(f"tingkat.{level}", lang).lower(),
            semua=number(one["alarm"]["areas"], lang),
            atas=number(one["alarm"]["above"], lang),
            bawah=number(one["alarm"]["below"], lang),
        )
        for level, one in _levels(found)
        if one["alarm"]["alarm"]
    ]


def tests(found: dict[str, Any], names: dict[str, str], lang: str) -> list[str | Table | Picture]:
    """The chapter: a table a level, the picture, what could not test and why."""
    parts: list[str | Table | Picture] = []
    levels = _levels(found)
    if levels:
        parts.append(t("model.uji_cara", lang))
    for level, one in levels:
        parts += _level(level, one, names, lang)
    unfit = {
        (kind, why, year) for _, one in levels for kind, years in one["left_out"].items() for year, why in years.items()
    }
    if unfit:
        parts.append(t("model.tak_menguji", lang, sebab="; ".join(_unfit(unfit, lang))))
    return parts


def _level(level: str, one: dict[str, Any], names: dict[str, str], lang: str) -> list[str | Table | Picture]:
    told = ", ".join(
        f"{_kind(test['kind'], lang)} {test['year']} ({cell(test['cases'], lang)})" for test in one["tests"]
    )
    parts: list[str | Table | Picture] = [t("model.uji_tingkat", lang, tingkat=t(f"tingkat.{level}", lang), uji=told)]
    if not all(test["dated"] for test in one["tests"]):
        parts.append(t("model.uji_belakangan", lang))
    columns = [
        t("evaluasi.peringkat", lang),
        t("model.nat", lang),
        "Spearman",
        t("model.bagian_atas", lang, n=one["n_list"]),
        "CRPS",
        t("model.selang", lang),
    ]
    rows = [
        [
            ranking_name(key, lang),
            number(row["log_score"], lang, 3),
            "–" if row["spearman"] is None else number(row["spearman"], lang, 2),
            share(row["hit"], lang),
            number(row["crps"], lang, 2) if "crps" in row else "–",
            percent(row["coverage_90"], lang) if "coverage_90" in row else "–",
        ]
        for key, row in sorted(one["methods"].items(), key=lambda pair: (pair[0] != "published", -pair[1]["log_score"]))
    ]
    parts += [Table(f"uji_{level}", columns, rows), _compared(level, one, lang)]
    parts.append(t("model.pit", lang, lima=" · ".join(percent(value, lang) for value in one["pit"])))
    seen = one["alarm"]
    if not seen["alarm"]:
        parts.append(
            t(
                "model.tanpa_alarm",
                lang,
                tahun=str(seen["year"]),
                luar=number(seen["above"] + seen["below"], lang),
                semua=number(seen["areas"], lang),
            )
        )
    parts.append(_picture(level, one, names, lang))
    return parts


def _picture(level: str, one: dict[str, Any], names: dict[str, str], lang: str) -> Picture:
    """By area where the figures are public, else by groups of areas from the highest prediction down."""
    tested = one["tests"][0]
    if one["areas"]:
        tested = next(test for test in one["tests"] if test.get("public"))
        ordered = sorted(one["areas"], key=lambda area: -area["predicted"])
        marks = [
            Mark(names.get(area["kode"], area["kode"]).removeprefix("Kabupaten "), *_numbers(area)) for area in ordered
        ]
    else:
        label = t(f"tingkat.{level}", lang).lower()
        marks = [
            Mark(t("model.kelompok_ke", lang, n=i + 1, banyak=group["areas"], tingkat=label), *_numbers(group))
            for i, group in enumerate(one["groups"])
        ]
    title = t("model.gambar", lang, jenis=_kind(tested["kind"], lang), tahun=str(tested["year"]))
    return Picture(f"ramal_{level}", title, forecast_picture(marks, t("model.gambar_kunci", lang)))


def _numbers(row: dict[str, Any]) -> tuple[float, float, float, float | None, str]:
    recorded = row["recorded"]
    known = None if isinstance(recorded, str) else float(recorded)
    return float(row["predicted"]), float(row["low"]), float(row["high"]), known, str(recorded).removesuffix(".0")


def _unfit(found: set[tuple[str, str, str]], lang: str) -> list[str]:
    told = []
    for kind in sorted({kind for kind, _, _ in found}):
        for why in WHY_NOT:
            years = sorted(year for one, reason, year in found if (one, reason) == (kind, why))
            if years:
                because = t(f"model.tak_menguji.{why}", lang)
                told.append(f"{_kind(kind, lang)} {', '.join(years)}: {because}")
    return told


def _kind(kind: str, lang: str) -> str:
    return t(f"model.jenis.{kind}", lang)


def _years(years: list[int]) -> str:
    return ", ".join(str(year) for year in years)
