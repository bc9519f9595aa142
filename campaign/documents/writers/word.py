"""Word documents: a form (a ``.docx`` with tags) and plain values. An office's own form goes before the product's.

Forms lie beside the Typst templates; an office puts its own under the same name into the folder ``templat`` of its
workspace. A form is a Jinja template in a sandbox: it sees texts, numbers, lists and dictionaries and nothing else, and
what a value holds is never read as a tag or as markup.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import Refused
from data.intake.files.zips import open_checked, refuse_entities
from data.workspace import Workspace

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docxtpl import DocxTemplate

FORMS = Path(__file__).parents[1] / "templates"
PROPERTY = 255
"""Most characters of a document's title or remark."""
PICTURE_CM = 15.5
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMED = re.compile(r"'([^']{1,60})'")
_LANGUAGE = {"id": "id-ID", "en": "en-GB"}


@dataclass(frozen=True)
class Letter:
    """What stands on every page and in the properties of a document: its title, the foot, the mark of sample data
    (empty: none), the language."""

    title: str
    foot: str
    mark: str = ""
    lang: str = "id"


def clean(text: Any) -> str:
    """Text a document can hold: signs XML forbids are left out."""
    return _ILLEGAL.sub("", str(text))


def form_of(name: str, workspace: Workspace | None) -> Path:
    """The office's own form where there is one, else the product's."""
    own = workspace.forms / f"{name}.docx" if workspace else None
    return own if own is not None and own.is_file() else FORMS / f"{name}.docx"


def write_word(
    name: str,
    values: Mapping[str, Any],
    path: Path,
    letter: Letter,
    workspace: Workspace | None = None,
    *,
    widths: Mapping[tuple[str, ...], Sequence[float]] | None = None,
    picture: bytes = b"",
) -> None:
    """Fills the form ``name`` in and writes it to ``path``.

    ``values``: plain values by the names of docs/dokumen.md; ``tanda``, ``kaki`` and ``gambar`` are added here.
    ``widths``: centimetres of the columns of the table with these heads. ``picture``: a PNG, empty when there is none.

    Raises `Refused`: ``FORM_FILE`` (no Word file), ``FORM_TAG`` (a tag that can't be read), ``FORM_VALUE`` (a tag names
    a value there is not), ``FORM_FORBIDDEN`` (a tag wants more than values).
    """
    form = form_of(name, workspace)
    document = _filled(form, values, letter, picture)
    for table in document.tables:
        heads = tuple(cell.text for cell in table.rows[0].cells) if table.rows else ()
        if widths and heads in widths:
            _set_widths(table, widths[heads])
    _set_language(document, letter.lang)
    _mark_every_page(document, letter.mark)
    properties = document.core_properties
    properties.title, properties.author = clean(letter.title)[:PROPERTY], "Peta Aman"
    properties.comments = clean(letter.foot)[:PROPERTY]
    document.save(str(path))


def _filled(form: Path, values: Mapping[str, Any], letter: Letter, picture: bytes) -> Document:
    from docx import Document as open_document
    from jinja2.exceptions import SecurityError, TemplateError, UndefinedError

    template = _opened(form)
    try:
        template.render(
            {**values, "tanda": letter.mark, "kaki": letter.foot, "gambar": _drawn(template, picture)}, _environment()
        )
    except UndefinedError as fault:
        raise Refused("FORM_VALUE", file=form.name, value=_named(fault, -1)) from None
    except SecurityError as fault:
        raise Refused("FORM_FORBIDDEN", file=form.name, value=_named(fault)) from None
    except (TemplateError, ValueError, TypeError, ArithmeticError, RecursionError) as fault:
        # ValueError: the parts between tags are no longer XML (`_Form.fix_tables`).
        raise Refused("FORM_TAG", file=form.name, value=_named(fault)) from None
    # Opened anew: the library leaves heads and feet behind as parts that can't be changed any more.
    filled = BytesIO()
    template.save(filled)
    return open_document(filled)


def _opened(form: Path) -> DocxTemplate:
    """The form as a template. Raises `Refused` (``FORM_FILE``) for what is no Word file, or a dangerous one."""
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate
    from lxml import etree

    class Form(DocxTemplate):
        def fix_tables(self, xml: str) -> Any:
            """The library's parser mends broken XML by leaving parts out; a form must not lose text in silence."""
            try:
                etree.fromstring(xml)
            except etree.XMLSyntaxError:
                raise ValueError("xml") from None
            return super().fix_tables(xml)

    try:
        content = form.read_bytes()
        refuse_entities(open_checked(content))
        template = Form(BytesIO(content))
        template.init_docx()
    except (Refused, OpcError, OSError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError):
        raise Refused("FORM_FILE", file=form.name) from None
    return template


def _environment() -> Any:
    """A sandbox without functions, in which every value arrives as text: escaped, and never as a tag."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup, escape

    def text(value: Any) -> Markup:
        if isinstance(value, Markup):
            return value
        # docxtpl turns these two into braces after the tags have been filled in; a name keeps what was typed.
        return Markup(re.sub(r"(?<=[{%}])_|_(?=[{%}])", "&#95;", str(escape(clean(value)))))

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=text)
    environment.globals.clear()
    return environment


def _drawn(template: DocxTemplate, picture: bytes) -> Any:
    """The picture as the markup of a run; empty text without one."""
    from docx.shared import Cm
    from docxtpl import InlineImage
    from markupsafe import Markup

    if not picture:
        return ""
    template.current_rendering_part = template.docx.part
    return Markup(str(InlineImage(template, BytesIO(picture), width=Cm(PICTURE_CM))))


def _named(fault: Exception, which: int = 0) -> str:
    """What the fault is about, as far as it names a tag or a value; never a sentence."""
    found = _NAMED.findall(str(fault))
    return clean(found[which]) if found else "{{ … }}"


def _set_widths(table: Table, widths: Sequence[float]) -> None:
    from docx.shared import Cm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _set_language(document: Document, lang: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = document.styles["Normal"].element.get_or_add_rPr()
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), _LANGUAGE[lang])


def _mark_every_page(document: Document, mark: str) -> None:
    """The mark of sample data in each header that has none: an office's form may have left it out."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    if not mark:
        return
    for section in document.sections:
        headers = [section.header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
        for header in headers:
            if any(mark in paragraph.text for paragraph in header.paragraphs):
                continue
            first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            line = first.insert_paragraph_before()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(mark)
            run.bold, run.font.size, run.font.color.rgb = True, Pt(14), RGBColor(0x7A, 0x3E, 0x00)
