"""Word documents in the office's form: A4, one plain font, page numbers, the mark of sample data on every page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FONT = "Times New Roman"
PROPERTY = 255
"""Most characters of a document's title or remark."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


def clean(text: Any) -> str:
    """Text a document can hold: signs XML forbids are left out."""
    return _ILLEGAL.sub("", str(text))


def new_document(title: str, footer: str, mark: str, lang: str = "id", *, flipped: bool = False) -> Any:
    """An empty A4 document, lying when ``flipped``; ``mark`` (DATA CONTOH) stands in the header of every page,
    ``footer`` with page numbers."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "id-ID" if lang == "id" else "en-GB")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(4)
    section = document.sections[0]
    sides = (Cm(29.7), Cm(21)) if flipped else (Cm(21), Cm(29.7))
    section.page_width, section.page_height = sides
    section.orientation = WD_ORIENT.LANDSCAPE if flipped else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(1.2 if flipped else 2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    document.core_properties.title = clean(title)[:PROPERTY]
    document.core_properties.author = "Peta Aman"
    document.core_properties.comments = clean(footer)[:PROPERTY]
    if mark:
        head = section.header.paragraphs[0]
        head.alignment = CENTRE
        run = head.add_run(mark)
        run.bold, run.font.size, run.font.color.rgb = True, Pt(14), RGBColor(0x7A, 0x3E, 0x00)
    foot = section.footer.paragraphs[0]
    run = foot.add_run(clean(footer) + " · ")
    run.font.size = Pt(7.5)
    _page_number(foot)
    return document


def line(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    align: Any = None,
    size: float | None = None,
    after: float | None = None,
    indent: float = 0.0,
    hanging: float = 0.0,
) -> Any:
    """A paragraph of plain text; ``indent`` and ``hanging`` in centimetres."""
    paragraph = document.add_paragraph()
    run = paragraph.add_run(clean(text))
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if align is not None:
        paragraph.alignment = align
    if after is not None:
        paragraph.paragraph_format.space_after = Pt(after)
    if indent:
        paragraph.paragraph_format.left_indent = Cm(indent)
        paragraph.paragraph_format.first_line_indent = Cm(-hanging)
    return paragraph


def table(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[float], size: float = 9
) -> Any:
    """A table with borders whose head repeats on every page; ``widths`` in centimetres."""
    grid = document.add_table(rows=1, cols=len(heads))
    grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for cell, head in zip(grid.rows[0].cells, heads, strict=True):
        _fill(cell, head, size, bold=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    for values in rows:
        row = grid.add_row()
        whole = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(whole)
        for cell, value in zip(row.cells, values, strict=True):
            _fill(cell, value, size)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return grid


def _fill(cell: Any, value: Any, size: float, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(clean(value))
    run.font.size, run.bold = Pt(size), bold


def _page_number(paragraph: Any) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(7.5)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)
