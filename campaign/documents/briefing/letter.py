"""The briefing as a Word letter, for offices that must change it before it is signed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from docx.shared import Cm

from campaign.documents.briefing.facts import Facts
from campaign.documents.writers import word
from words import date_text, t

TICK = "☐ "


def write_letter(facts: Facts, picture: bytes, path: Path) -> None:
    """``picture`` is the map as PNG, empty when there is none."""
    lang = facts.lang
    footer = f"{facts.versions} {t('nota.pertimbangan', lang)}"
    document = word.new_document(t("nota.hal_isi", lang), footer, facts.mark, lang)
    word.line(document, t("nota.kop", lang, provinsi=facts.province.upper()), bold=True, align=word.CENTRE, after=0)
    word.line(document, t("nota.judul", lang), bold=True, align=word.CENTRE, size=14)
    enclosed = t("nota.satu_daftar", lang, versi=facts.list_name) if facts.list_name else "–"
    for name, value in (
        ("yth", t("nota.gubernur", lang, provinsi=facts.province)),
        ("dari_siapa", "……………………"),
        ("nomor", "……………………"),
        ("tanggal", date_text(facts.made, lang)),
        ("sifat", t("nota.terbatas", lang)),
        ("lampiran", enclosed),
        ("hal", t("nota.hal_isi", lang)),
    ):
        row = word.line(document, f"{t(f'nota.{name}', lang)}\t: {value}", after=0)
        row.paragraph_format.tab_stops.add_tab_stop(Cm(2.6))
    _head(document, 1, "persoalan", lang)
    word.line(document, facts.core, bold=True, size=12)
    if facts.warning:
        word.line(document, facts.warning, bold=True)
    _head(document, 2, "fakta", lang)
    word.table(document, [value for value, _ in facts.figures], [[text for _, text in facts.figures]], (4.1,) * 4, 10)
    word.line(document, f"{facts.map_title} ({t('nota.arsiran', lang)})", bold=True, after=0)
    if picture:
        document.add_picture(BytesIO(picture), width=Cm(15.5))
    word.line(document, facts.trend_title, bold=True, after=0)
    if facts.trend:
        heads = [f"{year} {note}".strip() for year, _, _, note in facts.trend]
        values = [[f"{value:g}" for _, value, _, _ in facts.trend]]
        word.table(document, heads, values, (16.5 / len(heads),) * len(heads))
    word.line(document, facts.trend_note, size=9)
    for number, part, points in (
        (3, "pendorong", facts.drivers),
        (0, "perubahan", facts.changes),
        (4, "yakin", facts.sure),
        (0, "kurang", facts.gaps),
    ):
        _head(document, number, part, lang)
        for point in points:
            word.line(document, f"–\t{point}", indent=0.6, hanging=0.6, after=1)
    _head(document, 5, "putusan", lang)
    for decision in facts.decisions:
        word.line(document, TICK + decision, after=2)
    for part in ("jadwal", "penanggung", "ttd"):
        word.line(document, t(f"nota.{part}", lang), after=2)
    word.line(document, f"{t('nota.sumber', lang)}: " + "; ".join(facts.sources) + ".", size=9)
    document.save(str(path))


def _head(document: Any, number: int, part: str, lang: str) -> None:
    title = t(f"nota.bagian.{part}", lang)
    paragraph = word.line(document, f"{number}. {title}" if number else title, bold=True, after=2)
    paragraph.paragraph_format.space_before = word.Pt(6)
    paragraph.paragraph_format.keep_with_next = True
