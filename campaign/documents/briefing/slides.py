"""The briefing as six slides: the sentence, the figures, the map, the series, how sure, the decision."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import PP_ALIGN
from pptx.util import Cm, Pt

from campaign.documents.briefing.facts import BriefingFacts
from campaign.documents.writers.word import clean
from words import date_text, t

FONT = "Arial"
INK, QUIET, MAIN, EMPTY = (RGBColor.from_string(code) for code in ("1B2430", "4A5260", "2D1E6B", "FFFFFF"))
_WIDE, _HIGH, _SIDE = Cm(33.87), Cm(19.05), Cm(1.6)
_INSIDE = _WIDE - 2 * _SIDE


def write_slides(facts: BriefingFacts, picture: bytes, path: Path) -> None:
    """Six slides, wide; ``picture`` is the map as PNG, empty when there is none."""
    lang = facts.lang
    deck = _Deck(facts)
    first = deck.slide(t("nota.hal_isi", lang))
    deck.text(first, facts.core, Cm(4.6), Cm(6), size=32, bold=True)
    deck.text(
        first,
        f"{facts.province} · {date_text(facts.made, lang)} · {facts.list_name or facts.versions[:40]}",
        Cm(12.5),
        Cm(2),
        size=18,
    )
    second = deck.slide(t("nota.bagian.fakta", lang))
    width = _INSIDE // len(facts.figures)
    large = 44 if max(len(value) for value, _ in facts.figures) <= 7 else 34
    for i, (value, label) in enumerate(facts.figures):
        left = _SIDE + i * width
        deck.text(second, value, Cm(4.2), Cm(2.6), size=large, bold=True, left=left, width=width, centre=True)
        deck.text(second, label, Cm(6.9), Cm(2), size=17, left=left, width=width, centre=True)
    deck.points(second, [(t("nota.bagian.pendorong", lang), facts.drivers)], Cm(10))
    third = deck.slide(f"{facts.map_title} ({t('nota.arsiran', lang)})")
    if picture:
        shown = third.shapes.add_picture(BytesIO(picture), _SIDE, Cm(3.2), height=Cm(14))
        if shown.width > _INSIDE:
            shown.height, shown.width = int(shown.height * _INSIDE / shown.width), _INSIDE
        shown.left = int((_WIDE - shown.width) / 2)
    fourth = deck.slide(facts.trend_title)
    if facts.trend:
        _series(fourth, facts)
    deck.text(fourth, facts.trend_note, Cm(15.6), Cm(1.6), size=14)
    fifth = deck.slide(t("nota.bagian.yakin", lang))
    if facts.warning:
        deck.text(fifth, facts.warning, Cm(2.9), Cm(2.2), size=17, bold=True)
    half = (_INSIDE - Cm(1)) // 2
    top = Cm(5.2) if facts.warning else Cm(3.2)
    deck.points(fifth, [("", facts.sure)], top, width=half, size=15)
    # One frame for both, so that the second begins where the first ends.
    right = [(t("nota.bagian.kurang", lang), facts.gaps), (t("nota.bagian.perubahan", lang), facts.changes)]
    deck.points(fifth, right, top, left=_SIDE + half + Cm(1), width=half, size=15)
    sixth = deck.slide(t("nota.bagian.putusan", lang))
    asked = [*facts.decisions, *(t(f"nota.{part}", lang) for part in ("jadwal", "penanggung"))]
    deck.points(sixth, [("", asked)], Cm(3.6), size=24, sign="☐ ")
    deck.text(sixth, f"{facts.versions} {t('nota.pertimbangan', lang)}", Cm(14.6), Cm(2.6), size=13)
    deck.book.core_properties.title = clean(t("nota.hal_isi", lang))
    deck.book.core_properties.author = "Peta Aman"
    deck.book.save(str(path))


class _Deck:
    """Slides of one form: a title, a rule under it, the mark of sample data, a foot."""

    def __init__(self, facts: BriefingFacts) -> None:
        self.book, self.facts = Presentation(), facts
        self.book.slide_width, self.book.slide_height = _WIDE, _HIGH
        self.count = 0

    def slide(self, title: str) -> Any:
        self.count += 1
        slide = self.book.slides.add_slide(self.book.slide_layouts[5])
        head = slide.shapes.title
        head.left, head.top, head.width, head.height = _SIDE, Cm(0.8), _INSIDE - Cm(7), Cm(1.9)
        head.text_frame.text = clean(title)
        head.text_frame.word_wrap = True
        head.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        self._dress(head.text_frame.paragraphs[0], 28, True, MAIN)
        if self.facts.mark:
            self.text(
                slide,
                self.facts.mark,
                Cm(0.9),
                Cm(1.2),
                size=18,
                bold=True,
                left=_WIDE - _SIDE - Cm(7),
                width=Cm(7),
                colour=RGBColor(0x7A, 0x3E, 0x00),
            )
        foot = f"{self.facts.list_name or 'Peta Aman'} · {date_text(self.facts.made, self.facts.lang)} · {self.count}/6"
        self.text(slide, foot, Cm(17.9), Cm(0.8), size=11, colour=QUIET)
        return slide

    def text(
        self,
        slide: Any,
        text: str,
        top: int,
        height: int,
        *,
        size: int,
        bold: bool = False,
        left: int = _SIDE,
        width: int = _INSIDE,
        colour: RGBColor = INK,
        centre: bool = False,
    ) -> None:
        frame = slide.shapes.add_textbox(left, top, width, height).text_frame
        frame.word_wrap = True
        frame.text = clean(text)
        self._dress(frame.paragraphs[0], size, bold, colour)
        if centre:
            frame.paragraphs[0].alignment = PP_ALIGN.CENTER

    def points(
        self,
        slide: Any,
        parts: Sequence[tuple[str, Sequence[str]]],
        top: int,
        *,
        left: int = _SIDE,
        width: int = _INSIDE,
        size: int = 18,
        sign: str = "– ",
    ) -> None:
        frame = slide.shapes.add_textbox(left, top, width, Cm(1)).text_frame
        frame.word_wrap = True
        lines: list[tuple[str, bool]] = []
        for head, points in parts:
            lines += [(head, True)] if head else []
            lines += [(sign + point, False) for point in points]
        for i, (text, bold) in enumerate(lines):
            paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
            paragraph.text = clean(text)
            paragraph.space_after = Pt(size / 3)
            self._dress(paragraph, size, bold, INK)

    @staticmethod
    def _dress(paragraph: Any, size: int, bold: bool, colour: RGBColor) -> None:
        paragraph.font.name, paragraph.font.size, paragraph.font.bold = FONT, Pt(size), bold
        paragraph.font.color.rgb = colour


def _series(slide: Any, facts: BriefingFacts) -> None:
    """A chart that can be edited; a recap of part of a year is empty."""
    data = CategoryChartData()
    data.categories = [f"{year} {note}".strip() for year, _, _, note in facts.trend]
    data.add_series(facts.trend_title, [value for _, value, _, _ in facts.trend])
    place = (_SIDE, Cm(3.2), _INSIDE, Cm(12))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
    chart.has_legend = chart.has_title = False
    chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
    chart.value_axis.minimum_scale = 0
    chart.font.size, chart.font.name = Pt(16), FONT
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END
    for i, (_, _, full, _) in enumerate(facts.trend):
        bar = plot.series[0].points[i].format
        bar.fill.solid()
        bar.fill.fore_color.rgb = MAIN if full else EMPTY
        bar.line.color.rgb = MAIN
