"""Make the Word forms of the product anew: decree, letter of the briefing, action-plan row.

The committed ``.docx`` files are what the product uses, and they may be edited in Word; this makes them from scratch.

    uv run python scripts/build_word_forms.py [FOLDER]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

FORMS = Path(__file__).resolve().parents[1] / "campaign" / "documents" / "templates"
FONT = "Times New Roman"
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


class Form:
    """An A4 form in the office's style: the mark in the head of every page, foot and page number under it."""

    def __init__(self, *, flipped: bool = False) -> None:
        self.document = Document()
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(10.5)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(4)
        section = self.document.sections[0]
        section.page_width, section.page_height = (Cm(29.7), Cm(21)) if flipped else (Cm(21), Cm(29.7))
        section.orientation = WD_ORIENT.LANDSCAPE if flipped else WD_ORIENT.PORTRAIT
        section.left_margin = section.right_margin = Cm(1.2 if flipped else 2.2)
        section.top_margin = section.bottom_margin = Cm(2)
        head = section.header.paragraphs[0]
        head.alignment = CENTRE
        run = head.add_run("{{ tanda }}")
        run.bold, run.font.size, run.font.color.rgb = True, Pt(14), RGBColor(0x7A, 0x3E, 0x00)
        foot = section.footer.paragraphs[0]
        foot.add_run("{{ kaki }} · ").font.size = Pt(7.5)
        _page_number(foot)

    def line(
        self,
        text: str,
        *,
        bold: bool = False,
        align: Any = None,
        size: float | None = None,
        before: float | None = None,
        after: float | None = None,
        indent: float = 0.0,
        hanging: float = 0.0,
        tabs: tuple[float, ...] = (),
        with_next: bool = False,
    ) -> None:
        """A paragraph; ``indent``, ``hanging`` and ``tabs`` in centimetres."""
        paragraph = self.document.add_paragraph()
        run = paragraph.add_run(text)
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        shape = paragraph.paragraph_format
        if align is not None:
            paragraph.alignment = align
        if before is not None:
            shape.space_before = Pt(before)
        if after is not None:
            shape.space_after = Pt(after)
        if indent:
            shape.left_indent, shape.first_line_indent = Cm(indent), Cm(-hanging)
        for place in tabs:
            shape.tab_stops.add_tab_stop(Cm(place))
        if with_next:
            shape.keep_with_next = True

    def tag(self, text: str) -> None:
        """A paragraph that holds a tag and is not printed."""
        self.line(f"{{%p {text} %}}")

    def each(self, values: str, text: str, name: str = "baris", **style: Any) -> None:
        """A paragraph for each of a list's values."""
        self.tag(f"for {name} in {values}")
        self.line(text, **style)
        self.tag("endfor")

    def title(self, text: str) -> None:
        """The head of a part, kept with what follows."""
        self.line(text, bold=True, before=6, after=2, with_next=True)

    def page_break(self) -> None:
        self.document.add_page_break()

    def table(self, heads: str, rows: str, width: float, size: float = 9) -> None:
        """A table whose columns are the values ``heads`` and whose rows are the lists in ``rows``; the head repeats on
        every page, no row breaks."""
        grid = self.document.add_table(rows=4, cols=3)
        grid.style, grid.alignment, grid.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        top, first, body, last = grid.rows
        self._cells(top, heads, size, bold=True)
        _row_property(top, "w:tblHeader", "true")
        _fill(first.cells[0], f"{{%tr for isi in {rows} %}}", size)
        self._cells(body, "isi", size)
        _row_property(body, "w:cantSplit")
        _fill(last.cells[0], "{%tr endfor %}", size)
        for column in grid.columns:
            column.width = Cm(width / 3)
            for cell in column.cells:
                cell.width = Cm(width / 3)

    def save(self, path: Path) -> None:
        properties = self.document.core_properties
        properties.author, properties.comments = "Peta Aman", ""
        self.document.save(str(path))

    @staticmethod
    def _cells(row: Any, values: str, size: float, bold: bool = False) -> None:
        for cell, text in zip(
            row.cells, (f"{{%tc for sel in {values} %}}", "{{ sel }}", "{%tc endfor %}"), strict=True
        ):
            _fill(cell, text, size, bold)


def _fill(cell: Any, text: str, size: float, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold


def _row_property(row: Any, name: str, value: str = "") -> None:
    found = OxmlElement(name)
    if value:
        found.set(qn("w:val"), value)
    row._tr.get_or_add_trPr().append(found)


def _page_number(paragraph: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
        run = paragraph.add_run("" if kind or text == "PAGE" else text)
        run.font.size = Pt(7.5)
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
            run._r.append(part)
        elif text == "PAGE":
            part = OxmlElement("w:instrText")
            part.text = text
            run._r.append(part)


def decree() -> Form:
    """*Keputusan*, *lampiran*, and the notes for the legal office on a page of their own."""
    form = Form()
    for name in ("rancangan", "jabatan", "nomor", "tentang_kata", "tentang"):
        form.line(f"{{{{ {name} }}}}", bold=True, align=CENTRE, after=2)
    form.line("", after=2)
    for block in ("menimbang", "mengingat"):
        form.each(
            block,
            "{{ butir.judul }}\t{{ butir.tanda }}\t{{ butir.isi }}",
            "butir",
            indent=3.3,
            hanging=3.3,
            align=JUSTIFIED,
            tabs=(2.6, 3.3),
        )
    form.line("{{ memutuskan }}", bold=True, align=CENTRE)
    form.each("diktum", "{{ butir.judul }}\t: {{ butir.isi }}", "butir", indent=2.6, hanging=2.6, align=JUSTIFIED)
    _signature(form)
    form.page_break()
    form.line("{{ lampiran }}", bold=True, after=0)
    form.line("{{ nomor }}", after=0)
    form.line("{{ lampiran_judul }}", bold=True, align=CENTRE)
    form.table("kolom", "desa", 16.8)
    form.line("", after=2)
    form.line("{{ catatan }}", size=9)
    _signature(form)
    form.page_break()
    form.line("{{ hukum }}", bold=True)
    form.each("catatan_hukum", "{{ baris }}", size=9.5)
    return form


def _signature(form: Form) -> None:
    form.line("", after=0)
    form.each("tanda_tangan", "{{ baris }}", indent=9.5, after=0, with_next=True)


def letter() -> Form:
    """The briefing as an official note."""
    form = Form()
    form.line("{{ kop }}", bold=True, align=CENTRE, after=0)
    form.line("{{ judul }}", bold=True, align=CENTRE, size=14)
    form.each("kepala", "{{ baris.judul }}\t: {{ baris.isi }}", after=0, tabs=(2.6,))
    form.title("1. {{ bagian.persoalan }}")
    form.line("{{ inti }}", bold=True, size=12)
    form.tag("if peringatan")
    form.line("{{ peringatan }}", bold=True)
    form.tag("endif")
    form.title("2. {{ bagian.fakta }}")
    form.table("angka", "[arti_angka]", 16.4, 10)
    form.line("{{ judul_peta }}", bold=True, after=0)
    form.tag("if gambar")
    form.line("{{ gambar }}")
    form.tag("endif")
    form.line("{{ judul_tren }}", bold=True, after=0)
    form.tag("if tren_tahun")
    form.table("tren_tahun", "[tren_angka]", 16.5)
    form.tag("endif")
    form.line("{{ catatan_tren }}", size=9)
    for sign, part in (("3. ", "pendorong"), ("", "perubahan"), ("4. ", "yakin"), ("", "kurang")):
        form.title(f"{sign}{{{{ bagian.{part} }}}}")
        form.each(part, "–\t{{ baris }}", indent=0.6, hanging=0.6, after=1)
    form.title("5. {{ bagian.putusan }}")
    form.each("putusan", "☐ {{ baris }}", after=2)
    form.each("penutup", "{{ baris }}", after=2)
    form.line("{{ sumber }}", size=9)
    return form


def action_row() -> Form:
    """The row of the regional action plan, with a line per kabupaten under it, on a lying page."""
    form = Form(flipped=True)
    form.line("{{ judul }}", bold=True, align=CENTRE, size=13)
    form.table("kolom", "[kegiatan]", 27.2, 7.5)
    form.line("{{ judul_kabupaten }}", bold=True, before=8)
    form.table("kolom_kabupaten", "kabupaten", 21.2, 8.5)
    form.line("{{ catatan }}", size=9)
    return form


BUILDERS = {"sk": decree, "nota": letter, "rad": action_row}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FORMS
    for name, build in BUILDERS.items():
        build().save(folder / f"{name}.docx")
        print(folder / f"{name}.docx")


if __name__ == "__main__":
    main()
