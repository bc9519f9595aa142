"""The model card: how mature the score is, what it was tested on, what it costs, whom it reaches, when it expires.

Read from what is stored with a score version; the same card is a screen and a file. No number of any village is in it.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from campaign.model.card_parts import Table
from campaign.model.use import use
from data.errors import WrongUse
from words import date_text, has, number, percent, t

EXPIRES_MONTHS = 18
HIDDEN = "<10"
MATURITY = ("contoh", "belum_dinilai", "awal", "kalah", "teruji", "kedaluwarsa")
CHAPTERS = ("mutu", "rahasia", "adil", "sumber", "perubahan", "guna")
MIN_YEARS = 2
"""Test years below which a score is young."""
COMPARED = ("past_counts", "poverty", "poor_people", "population")
"""Rankings that the score's hits are told against."""
NOTED = 0.03
"""Share of the expected need from which a group passed over is named: three villages of a hundred."""


@dataclass(frozen=True)
class ModelCard:
    """``maturity``: one of `MATURITY`. ``verdict`` a sentence, ``warns`` when
    it must be in bold. ``facts``: (label, value). ``chapters``: by key, sentences and tables in reading order."""

    versi: str
    maturity: str
    verdict: str
    warns: bool
    facts: list[tuple[str, str]]
    chapters: dict[str, list[str | Table]] = field(default_factory=dict)


def model_card(store: Any, lang: str = "id", today: dt.date | None = None) -> ModelCard:
    """The card of the newest score version. Raises `WrongUse` (``NO_SCORE``) when nothing was scored yet."""
    version = store.score_version()
    if version is None:
        raise WrongUse("NO_SCORE")
    versi = str(version["versi"])
    whole = store.result("evaluasi", versi) or {}
    found = {**version["evaluation"], **whole}
    today = today or dt.date.today()
    expires = _expires(whole)
    verdict, warns = _verdict(found, lang)
    names = store.areas("kabupaten").set_index("kode")["nama"].to_dict()
    chapters = (
        _quality(found, lang),
        _secrecy(found, names, lang),
        _fairness(found, names, lang),
        _sources(found, lang),
        _changes(store.result("perubahan", versi), store.result("daftar_lalu", versi), lang),
        use(version["params"], lang),
    )
    return ModelCard(
        versi,
        _maturity(version, whole, found, expires, today),
        verdict,
        warns,
        [
            (t("metadata.versi_skor", lang), versi),
            (t("metadata.dibuat_skor", lang), date_text(pd.Timestamp(version["created_at"]).date(), lang)),
            (t("metadata.versi_masukan", lang), str(version["input_version"])[:12]),
            (t("model.dinilai", lang), date_text(dt.date.fromisoformat(whole["tanggal"]), lang) if whole else "–"),
            (t("model.berlaku", lang), date_text(expires, lang) if expires else "–"),
        ],
        {key: parts for key, parts in zip(CHAPTERS, chapters, strict=True) if parts},
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
    lines = [f"# {t('model.judul', lang)}", "", f"**{badge}** – {meaning}", "", verdict, ""]
    lines += [f"- {label}: {value}" for label, value in card.facts]
    for key, parts in card.chapters.items():
        lines += ["", f"## {t(f'model.bab.{key}', lang)}"]
        for part in parts:
            if isinstance(part, Table):
                lines += ["", "| " + " | ".join(part.columns) + " |", "|" + "---|" * len(part.columns)]
                lines += ["| " + " | ".join(row) + " |" for row in part.rows]
            else:
                lines += ["", part]
    return lines


def _expires(whole: dict[str, Any]) -> dt.date | None:
    if "tanggal" not in whole:
        return None
    return (pd.Timestamp(whole["tanggal"]) + pd.DateOffset(months=EXPIRES_MONTHS)).date()


def _maturity(
    version: dict[str, Any], whole: dict[str, Any], found: dict[str, Any], expires: dt.date | None, today: dt.date
) -> str:
    made = pd.Timestamp(version["created_at"]) + pd.DateOffset(months=EXPIRES_MONTHS)
    if (expires or made.date()) < today:
        return "kedaluwarsa"
    if version["data_contoh"]:
        return "contoh"
    if not whole:
        return "belum_dinilai"
    judged = found.get("verdict") or {}
    if judged.get("surely"):
        return "kalah"
    return "teruji" if judged.get("tested", 0) >= MIN_YEARS else "awal"


def _verdict(found: dict[str, Any], lang: str) -> tuple[str, bool]:
    chosen = found.get("choice") or {}
    if chosen.get("ranking"):
        return t(
            "model.putusan.henti",
            lang,
            ganti=_name(chosen["ranking"], lang),
            alasan=chosen["reason"],
            oleh=chosen["by"] or "–",
            sejak=date_text(dt.date.fromisoformat(chosen["since"]), lang),
        ), True
    judged = found.get("verdict")
    if not judged:
        return t("model.putusan.tunggu", lang), False
    if not judged["tested"]:
        return t("model.putusan.belum", lang), False
    if not judged["beaten_by"]:
        return t("model.putusan.menang", lang, n=judged["tested"]), False
    better = ", ".join(_name(key, lang) for key in judged["beaten_by"])
    if judged["fallback"]:
        return t("model.putusan.mundur", lang, lain=better, ganti=_name(judged["fallback"], lang)), True
    return t("model.putusan.kalah" if judged["surely"] else "model.putusan.imbang", lang, lain=better), True


def _quality(found: dict[str, Any], lang: str) -> list[str | Table]:
    parts: list[str | Table] = []
    if found.get("mode") == "truth" and found.get("rankings"):
        rows = [
            [_name(one["key"], lang), *(percent(one[f"oracle_{n}"], lang) for n in found["lists"])]
            for one in found["rankings"]
        ]
        parts += [t("evaluasi.judul.truth", lang), Table("kebenaran", _list_columns(found, lang), rows)]
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
                nyata=_cell(year["cases_top"], lang),
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
                _name(key, lang),
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
            rows.append([_name(key, lang), points, percent(better / 100, lang)])
    if not rows:
        return []
    columns = [t(f"model.selisih_kolom.{name}", lang) for name in ("lawan", "poin", "unggul")]
    return [t("model.selisih", lang, n=n), Table("selisih", columns, rows)]


def _secrecy(found: dict[str, Any], names: dict[str, str], lang: str) -> list[str | Table]:
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
                _cell(one["total"], lang),
                *(_cell(one[year], lang) for year in released["years"]),
            ]
            for one in released["rows"]
        ]
        parts += [t("model.boleh_keluar", lang), Table("boleh_keluar", columns, rows)]
    return parts


def _fairness(found: dict[str, Any], names: dict[str, str], lang: str) -> list[str | Table]:
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
            [one["versi"], str(one["test_year"]), _share(one["hit_100"], lang), _share(one["population"], lang)]
            for one in past
        ]
        parts += [t("model.daftar_lalu", lang), Table("daftar_lalu", columns, rows)]
    return parts


def _list_columns(found: dict[str, Any], lang: str) -> list[str]:
    return [t("evaluasi.peringkat", lang), *(t("evaluasi.daftar", lang, n=n) for n in found["lists"])]


def _name(key: str, lang: str) -> str:
    return t(f"evaluasi.{key}", lang) if has(f"evaluasi.{key}") else key


def _group(way: str, group: str, names: dict[str, str], lang: str) -> str:
    return (
        names.get(group, group)
        if way == "kabupaten"
        else t(f"model.{way}.{group}", lang)
        if has(f"model.{way}.{group}")
        else group
    )


def _cell(value: Any, lang: str) -> str:
    return value if isinstance(value, str) else number(float(value), lang)


def _share(value: float | None, lang: str) -> str:
    return HIDDEN if value is None else percent(value, lang)
