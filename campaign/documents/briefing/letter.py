"""The briefing as a Word letter, for offices that must change it before it is signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from campaign.documents.briefing.facts import BriefingFacts
from campaign.documents.writers.word import Letter, write_word
from data.workspace import Workspace
from words import date_text, t

FORM = "nota"
BLANK = "……………………"
"""Room for what the office writes."""
_PARTS = ("persoalan", "fakta", "pendorong", "perubahan", "yakin", "kurang", "putusan")


def write_letter(facts: BriefingFacts, picture: bytes, path: Path, workspace: Workspace | None = None) -> None:
    """``picture`` is the map as PNG, empty when there is none."""
    values, lang = letter_values(facts), facts.lang
    foot = f"{facts.versions} {t('nota.pertimbangan', lang)}"
    widths = {}
    if years := values["tren_tahun"]:
        widths[tuple(years)] = [16.5 / len(years)] * len(years)
    write_word(
        FORM,
        values,
        path,
        Letter(t("nota.hal_isi", lang), foot, facts.mark, lang),
        workspace,
        widths={tuple(values["angka"]): [16.4 / len(values["angka"])] * len(values["angka"]), **widths},
        picture=picture,
    )


def letter_values(facts: BriefingFacts) -> dict[str, Any]:
    """What the form prints: texts, and lists of them."""
    lang = facts.lang
    enclosed = t("nota.satu_daftar", lang, versi=facts.list_name) if facts.list_name else "–"
    head = (
        ("yth", t("nota.gubernur", lang, provinsi=facts.province)),
        ("dari_siapa", BLANK),
        ("nomor", BLANK),
        ("tanggal", date_text(facts.made, lang)),
        ("sifat", t("nota.terbatas", lang)),
        ("lampiran", enclosed),
        ("hal", t("nota.hal_isi", lang)),
    )
    return {
        "kop": t("nota.kop", lang, provinsi=facts.province.upper()),
        "judul": t("nota.judul", lang),
        "kepala": [{"judul": t(f"nota.{name}", lang), "isi": text} for name, text in head],
        "bagian": {name: t(f"nota.bagian.{name}", lang) for name in _PARTS},
        "inti": facts.core,
        "peringatan": facts.warning,
        "angka": [value for value, _ in facts.figures],
        "arti_angka": [text for _, text in facts.figures],
        "judul_peta": f"{facts.map_title} ({t('nota.arsiran', lang)})",
        "judul_tren": facts.trend_title,
        "tren_tahun": [f"{year} {note}".strip() for year, _, _, note in facts.trend],
        "tren_angka": [f"{value:g}" for _, value, _, _ in facts.trend],
        "catatan_tren": facts.trend_note,
        "pendorong": list(facts.drivers),
        "perubahan": list(facts.changes),
        "yakin": list(facts.sure),
        "kurang": list(facts.gaps),
        "putusan": list(facts.decisions),
        "penutup": [t(f"nota.{part}", lang) for part in ("jadwal", "penanggung", "ttd")],
        "sumber": f"{t('nota.sumber', lang)}: " + "; ".join(facts.sources) + ".",
    }
