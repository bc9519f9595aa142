"""The model card: how mature the score is, what it was tested on, what it costs, whom it reaches, when it expires.

Read from what is stored with a score version; the same card is a screen and a file. No number of any village is in it.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from campaign.model.card_parts import Picture, Table, cell, list_columns, ranking_name, share
from campaign.model.tested import alarms, level_words, price_words, tests
from campaign.model.use import use
from campaign.model.whom import fairness, secrecy
from data.disclosure import HIDDEN
from data.domain.score_version import ScoreVersion, Verdict
from data.errors import WrongUse
from data.store.store import Store
from risk.scoring.standing import RESULT, fallback_of, ranking_of, was_evaluated
from words import date_text, number, percent, t

EXPIRES_MONTHS = 18
MATURITY = ("contoh", "belum_dinilai", "awal", "kalah", "teruji", "kedaluwarsa")
CHAPTERS = ("uji", "mutu", "rahasia", "adil", "sumber", "perubahan", "guna")
MIN_YEARS = 2
"""Test years below which a score is young."""
COMPARED = ("past_counts", "poverty", "poor_people", "population")
"""Rankings that the score's hits are told against."""


@dataclass(frozen=True)
class ModelCard:
    """``maturity``: one of `MATURITY`. ``price``: what protecting villages costs, to be read first. ``verdict``: a
    sentence, ``warns`` when it must be in bold; empty when nothing was tested, and then ``untested`` says so.
    ``alarms``: sentences on years that fell outside what was predicted. ``facts``: (label, value). ``chapters``: by
    key, sentences, tables and pictures in reading order."""

    versi: str
    maturity: str
    verdict: str
    warns: bool
    facts: list[tuple[str, str]]
    chapters: dict[str, list[str | Table | Picture]] = field(default_factory=dict)
    price: str = ""
    untested: str = ""
    alarms: tuple[str, ...] = ()


def model_card(store: Store, lang: str = "id", today: dt.date | None = None) -> ModelCard:
    """The card of the newest score version. Raises `WrongUse` (``NO_SCORE``) when nothing was scored yet."""
    version = store.scores.version()
    if version is None:
        raise WrongUse("NO_SCORE")
    versi = version.versi
    whole = store.results.get(RESULT, versi) or {}
    found = {**version.evaluation, **whole}
    today = today or dt.date.today()
    expires = _expires(whole)
    verdict, warns = _verdict(found, ranking_of(version), lang)
    areas = store.gazetteer.areas("kabupaten")
    names = {str(kode): str(name) for kode, name in zip(areas["kode"], areas["nama"], strict=True)}
    chapters: tuple[Sequence[str | Table | Picture], ...] = (
        tests(found, names, lang),
        _quality(found, lang),
        secrecy(found, names, lang),
        fairness(found, names, lang),
        _sources(found, lang),
        _changes(store.results.get("perubahan", versi), store.results.get("daftar_lalu", versi), lang),
        use(version.params, lang),
    )
    return ModelCard(
        versi,
        _maturity(version, whole, found, expires, today),
        verdict,
        warns,
        [
            (t("metadata.versi_skor", lang), versi),
            (t("metadata.dibuat_skor", lang), date_text(pd.Timestamp(version.created_at).date(), lang)),
            (t("metadata.versi_masukan", lang), str(version.input_version)[:12]),
            (t("model.dinilai", lang), _evaluated_on(whole, lang)),
            (t("model.berlaku", lang), date_text(expires, lang) if expires else "–"),
        ],
        {key: list(parts) for key, parts in zip(CHAPTERS, chapters, strict=True) if parts},
        price=price_words(found, lang),
        untested="" if verdict else _untested(version, found, lang),
        alarms=tuple(alarms(found, lang)),
    )


def write_card(card: ModelCard, result: dict[str, Any], path: Path, lang: str = "id") -> None:
    """The card as ``.md``, or the evaluation behind it as ``.json``. Raises `WrongUse` for another extension
    (``UNKNOWN_FORMAT``) or a missing folder (``NO_FOLDER``)."""
    if not path.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(path.parent))
    if path.suffix == ".json":
        text = json.dumps({"versi": card.versi, "kematangan": card.maturity, **result}, ensure_ascii=False, indent=1)
    elif path.suffix == ".md":
        text = read_card(card, lang).decode().removesuffix("\n")
    else:
        raise WrongUse("UNKNOWN_FORMAT", format=path.suffix or path.name, allowed=".md, .json")
    path.write_text(text + "\n", encoding="utf-8")


def read_card(card: ModelCard, lang: str = "id") -> bytes:
    """The card as it is written to a ``.md`` file."""
    return ("\n".join(_markdown(card, lang)) + "\n").encode()


def _markdown(card: ModelCard, lang: str) -> list[str]:
    badge, meaning = (t(f"model.{part}.{card.maturity}", lang) for part in ("matang", "matang_arti"))
    verdict = f"**{card.verdict}**" if card.warns else card.verdict
    lines = [
        f"# {t('model.judul', lang)}",
        "",
        f"**{badge}** – {meaning}",
        "",
        card.price,
        "",
        verdict or card.untested,
    ]
    lines += [line for alarm in card.alarms for line in ("", f"**{alarm}**")] + [""]
    lines += [f"- {label}: {value}" for label, value in card.facts]
    for key, parts in card.chapters.items():
        lines += ["", f"## {t(f'model.bab.{key}', lang)}"]
        for part in parts:
            if isinstance(part, Table):
                lines += ["", "| " + " | ".join(part.columns) + " |", "|" + "---|" * len(part.columns)]
                lines += ["| " + " | ".join(row) + " |" for row in part.rows]
            elif isinstance(part, Picture):
                lines += ["", part.title, "", part.markdown()]
            else:
                lines += ["", part]
    return lines


def _evaluated_on(whole: dict[str, Any], lang: str) -> str:
    if "tanggal" in whole:
        return date_text(dt.date.fromisoformat(whole["tanggal"]), lang)
    return "–" if whole else t("model.matang.belum_dinilai", lang)


def _untested(version: ScoreVersion, found: dict[str, Any], lang: str) -> str:
    """Why there is no verdict."""
    if not was_evaluated(found):
        stands = ranking_of(version)
        if stands:
            return t("model.putusan.masih_mundur", lang, ganti=ranking_name(stands, lang))
        return t("model.putusan.belum_diuji", lang)
    return t("model.putusan.belum" if found.get("mode") != "truth" else "model.putusan.tunggu", lang)


def _expires(whole: dict[str, Any]) -> dt.date | None:
    if "tanggal" not in whole:
        return None
    return (pd.Timestamp(whole["tanggal"]) + pd.DateOffset(months=EXPIRES_MONTHS)).date()


def _maturity(
    version: ScoreVersion, whole: dict[str, Any], found: dict[str, Any], expires: dt.date | None, today: dt.date
) -> str:
    made = pd.Timestamp(version.created_at) + pd.DateOffset(months=EXPIRES_MONTHS)
    if (expires or made.date()) < today:
        return "kedaluwarsa"
    if version.data_contoh:
        return "contoh"
    if "tanggal" not in whole:
        return "belum_dinilai"
    judged: Verdict | None = found.get("verdict")
    if judged and judged["surely"]:
        return "kalah"
    return "teruji" if judged and judged["tested"] >= MIN_YEARS else "awal"


def _verdict(found: dict[str, Any], stands: str, lang: str) -> tuple[str, bool]:
    """``stands``: the ranking that made the version's order, empty for the model."""
    chosen = found.get("choice") or {}
    if chosen.get("ranking"):
        return t(
            "model.putusan.henti",
            lang,
            ganti=ranking_name(chosen["ranking"], lang),
            alasan=chosen["reason"],
            oleh=chosen["by"] or "–",
            sejak=date_text(dt.date.fromisoformat(chosen["since"]), lang),
        ), True
    judged: Verdict | None = found.get("verdict")
    if not judged or not judged["tested"]:
        return level_words(found, lang), False
    if (wanted := fallback_of(found)) != stands:
        names = {"kini": ranking_name(stands or "published", lang), "ganti": ranking_name(wanted or "published", lang)}
        return t("model.putusan.hitung_lagi", lang, **names), True
    if not judged["beaten_by"]:
        return t("model.putusan.menang", lang, n=judged["tested"]), False
    better = ", ".join(ranking_name(key, lang) for key in judged["beaten_by"])
    if judged["fallback"]:
        return t("model.putusan.mundur", lang, lain=better, ganti=ranking_name(judged["fallback"], lang)), True
    return t("model.putusan.kalah" if judged["surely"] else "model.putusan.imbang", lang, lain=better), True


def _quality(found: dict[str, Any], lang: str) -> list[str | Table]:
    parts: list[str | Table] = []
    if found.get("mode") == "truth" and found.get("rankings"):
        rows = [
            [ranking_name(one["key"], lang), *(percent(one[f"oracle_{n}"], lang) for n in found["lists"])]
            for one in found["rankings"]
        ]
        parts += [t("evaluasi.judul.truth", lang), Table("kebenaran", list_columns(found, lang), rows)]
    years = found.get("rolling") or []
    if years:
        parts += [
            t("model.uji_waktu", lang, tahun=", ".join(str(year["year"]) for year in years)),
            _hits(years, found["lists"], lang),
        ]
        parts += _paired(years, lang)
        cover = sum(year["coverage_90"] for year in years) / len(years)
        listed = sum(year["coverage_90_top"] for year in years) / len(years)
        parts.append(t("model.cakupan", lang, semua=percent(cover, lang), atas=percent(listed, lang)))
        parts += [
            t(
                "model.diaku",
                lang,
                tahun=str(year["year"]),
                aku=number(year["expected_top"], lang),
                nyata=cell(year["cases_top"], lang),
            )
            for year in years[:1]
        ]
    sure = found.get("calibration")
    if sure:
        parts.append(
            t(
                "evaluasi.kalibrasi",
                lang,
                semua=percent(sure["coverage_90"], lang),
                atas=percent(sure["coverage_90_top"], lang),
                aku=number(sure["claimed_top"], lang),
                nyata=number(sure["real_top"], lang),
            )
        )
    cold = found.get("cold_start")
    if cold:
        parts.append(
            t("model.dingin", lang, model=percent(cold["model"], lang), penduduk=percent(cold["population"], lang))
        )
    return parts


def _hits(years: list[dict[str, Any]], lists: list[int], lang: str) -> Table:
    """Means over the test years, the published score first and then what did best."""
    rows: dict[str, dict[str, list[float]]] = {}
    for year in years:
        for one in year["rankings"]:
            own = rows.setdefault(one["key"], {})
            for name, value in one.items():
                if name != "key" and value is not None:
                    own.setdefault(name, []).append(float(value))
    mean = {
        key: {name: sum(v) / len(v) for name, v in own.items()}
        for key, own in rows.items()
        if key == "published" or all(len(own.get(f"hit_{n}", [])) == len(years) for n in lists)
    }
    order = sorted(mean, key=lambda key: (key != "published", -mean[key].get(f"hit_{lists[0]}", 0.0)))
    columns = [
        t("evaluasi.peringkat", lang),
        *(t("evaluasi.daftar", lang, n=n) for n in lists),
        f"PAI {lists[0]}",
        f"PEI {lists[0]}",
        t("model.skor_log", lang),
    ]

    def shown(key: str, name: str, decimals: int | None) -> str:
        value = mean[key].get(name)
        return "–" if value is None else percent(value, lang) if decimals is None else number(value, lang, decimals)

    return Table(
        "uji_waktu",
        columns,
        [
            [
                ranking_name(key, lang),
                *(shown(key, f"hit_{n}", None) for n in lists),
                shown(key, f"pai_{lists[0]}", 1),
                shown(key, f"pei_{lists[0]}", 2),
                shown(key, "log_score", 0),
            ]
            for key in order
        ],
    )


def _paired(years: list[dict[str, Any]], lang: str) -> list[str | Table]:
    """Our hit rate less a simple ranking's, with what chance alone explains."""
    rows = []
    n = 0
    for key in COMPARED:
        own = [one for year in years for one in year["paired"].get(key, [])[:1]]
        if own:
            n = own[0]["n"]
            low, high, better = (sum(one[part] for one in own) / len(own) * 100 for part in ("low", "high", "better"))
            points = t("model.selisih_poin", lang, bawah=number(low, lang), atas=number(high, lang))
            rows.append([ranking_name(key, lang), points, percent(better / 100, lang)])
    if not rows:
        return []
    columns = [t(f"model.selisih_kolom.{name}", lang) for name in ("lawan", "poin", "unggul")]
    return [t("model.selisih", lang, n=n), Table("selisih", columns, rows)]


def _sources(found: dict[str, Any], lang: str) -> list[str | Table]:
    rows = [
        [one["source"], percent(one["share"], lang) if one["share"] is not None else HIDDEN, percent(one["kept"], lang)]
        for one in found.get("sources") or []
    ]
    if not rows:
        return []
    columns = [t("model.sumber", lang), t("model.sumber_bagian", lang), t("model.sumber_tetap", lang)]
    return [t("model.sumber_arti", lang), Table("sumber", columns, rows)]


def _changes(ledger: dict[str, Any] | None, past: list[dict[str, Any]] | None, lang: str) -> list[str | Table]:
    parts: list[str | Table] = []
    if ledger:
        parts.append(
            t(
                "model.berubah",
                lang,
                lama=ledger["before"],
                tetap=ledger["same"],
                masuk=ledger["entered"],
                keluar=ledger["left"],
            )
        )
        rows = [
            [t(f"model.sebab.{cause}", lang), number(ledger[cause], lang)]
            for cause in ("data_baru", "koreksi", "model", "pilihan")
        ]
        parts.append(Table("perubahan", [t("model.sebab", lang), t("model.pindah", lang)], rows))
    if past:
        columns = [
            t("model.daftar", lang),
            t("model.tahun_uji", lang),
            t("evaluasi.daftar", lang, n=100),
            t("evaluasi.population", lang),
        ]
        rows = [
            [one["versi"], str(one["test_year"]), share(one["hit_100"], lang), share(one["population"], lang)]
            for one in past
        ]
        parts += [t("model.daftar_lalu", lang), Table("daftar_lalu", columns, rows)]
    return parts
