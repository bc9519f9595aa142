"""Word documents from forms: the same text as ever, an office's own form, and forms that are broken or hostile."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from campaign.documents.action_row import RAD_COLUMNS, action_row, kabupaten_lines, word_values, write_action_row
from campaign.documents.briefing.facts import BriefingFacts, briefing_facts
from campaign.documents.briefing.letter import letter_values, write_letter
from campaign.documents.decree import decree_values, write_decree
from campaign.documents.listing.meta import signatures
from campaign.documents.listing.rows import list_rows, rule_sentences
from campaign.documents.writers.word import FORMS, Letter, write_word
from campaign.handover.lists import TargetList, listed
from campaign.reading.snapshot import Snapshot
from data.errors import Refused
from data.store.store import Store
from data.workspace import Workspace
from tests.unit.campaign.conftest import Planned
from tests.unit.campaign.papers import MADE
from words import LANGUAGES, date_text, number, reason_text, t

ROOT = Path(__file__).resolve().parents[3]
LETTER = Letter("Judul", "kaki surat", "DATA CONTOH")


@pytest.fixture(scope="module")
def known(planned_once: Planned) -> TargetList:
    return listed(planned_once.store, planned_once.plan, today=MADE)


@pytest.fixture(scope="module")
def snapshot(planned_once: Planned) -> Snapshot:
    return Snapshot.load(planned_once.workspace, planned_once.store)


def read(path: Path) -> list[Any]:
    """Paragraphs as text and tables as rows of text, in the order of the page."""
    document = Document(str(path))
    return [
        Paragraph(part, document).text
        if part.tag.endswith("}p")
        else [[cell.text for cell in row.cells] for row in Table(part, document).rows]
        for part in document.element.body.iterchildren()
        if part.tag.endswith(("}p", "}tbl"))
    ]


def decree_text(known: TargetList, store: Store, lang: str) -> list[Any]:
    """The decree of a plan without a schedule, line by line."""
    plan, rows = known.plan, list_rows(known, store, lang)
    kabupaten, year = rows["kabupaten"].nunique(), str(MADE.year)
    told: dict[str, Any] = {
        "n": len(rows),
        "kabupaten": kabupaten,
        "tahun": year,
        "hari": number(plan["used_team_days"], lang, 1),
        "berlaku": known.until,
    }
    why = t(
        "sk.menimbang.b",
        lang,
        skor=plan["score_version"],
        n=len(rows),
        kabupaten=kabupaten,
        aturan=" ".join(rule_sentences(known, lang)),
    )
    orders = [t(f"sk.{one}", lang, **told).partition("|") for one in ("kesatu", "kedua", "ketiga", "keempat", "kelima")]
    sign = ["", *t("sk.tanda_tangan", lang).split("|")]
    heads = [t(f"sk.kolom.{name}", lang) for name in ("no", "kab", "kec", "desa", "kode", "pelaksana", "triwulan")]
    names = ["no", "kabupaten", "kecamatan", "desa_kel", "kode_desa", "pelaksana"]
    note = t(
        "sk.catatan",
        lang,
        versi=known.name,
        status=t(f"dokumen.status.{known.status}", lang),
        paraf="; ".join(f"{t(f'dokumen.meta.{s}', lang).lower()}: {text}" for s, text in signatures(known, lang))
        + (f". {t('dokumen.meta.tanpa_akun_arti', lang)}".rstrip(".") if known.unproved else ""),
        jejak=known.evidence or "-",
        hash=known.sidik,
        benih=plan["seed"],
        berlaku=known.until,
        ganti="-",
    )
    return [
        t("sk.rancangan", lang),
        t("sk.jabatan", lang),
        t("sk.nomor", lang),
        t("sk.tentang_kata", lang),
        t("sk.tentang", lang, tahun=year),
        "",
        f"{t('sk.menimbang', lang)}:\ta.\t{t('sk.menimbang.a', lang)}",
        f"\tb.\t{why}",
        f"\tc.\t{t('sk.menimbang.c', lang)}",
        f"{t('sk.mengingat', lang)}:\t1.\t{t('sk.mengingat.1', lang)}",
        *(f"\t{i}.\t{t(f'sk.mengingat.{i}', lang)}" for i in (2, 3, 4)),
        f"\t5.\t{t('sk.mengingat.kantor', lang)}",
        t("sk.memutuskan", lang),
        *(f"{head}\t: {body}" for head, _, body in orders),
        *sign,
        "",
        t("sk.lampiran", lang),
        t("sk.nomor", lang),
        t("sk.lampiran_judul", lang, tahun=year),
        [heads, *([*map(str, row), ""] for row in rows[names].to_numpy().tolist())],
        "",
        note,
        *sign,
        "",
        t("sk.hukum", lang),
        *(t(f"sk.hukum.{i}", lang) for i in range(1, 7)),
    ]


def letter_text(facts: BriefingFacts) -> list[Any]:
    lang, dots = facts.lang, "……………………"

    def part(sign: str, name: str) -> str:
        return f"{sign}{t(f'nota.bagian.{name}', lang)}"

    about = {
        "yth": t("nota.gubernur", lang, provinsi=facts.province),
        "dari_siapa": dots,
        "nomor": dots,
        "tanggal": date_text(facts.made, lang),
        "sifat": t("nota.terbatas", lang),
        "lampiran": t("nota.satu_daftar", lang, versi=facts.list_name),
        "hal": t("nota.hal_isi", lang),
    }
    years = [f"{year} {note}".strip() for year, _, _, note in facts.trend]
    return [
        t("nota.kop", lang, provinsi=facts.province.upper()),
        t("nota.judul", lang),
        *(f"{t(f'nota.{name}', lang)}\t: {text}" for name, text in about.items()),
        part("1. ", "persoalan"),
        facts.core,
        *([facts.warning] if facts.warning else []),
        part("2. ", "fakta"),
        [[value for value, _ in facts.figures], [text for _, text in facts.figures]],
        f"{facts.map_title} ({t('nota.arsiran', lang)})",
        facts.trend_title,
        [years, [f"{value:g}" for _, value, _, _ in facts.trend]],
        facts.trend_note,
        part("3. ", "pendorong"),
        *(f"–\t{one}" for one in facts.drivers),
        part("", "perubahan"),
        *(f"–\t{one}" for one in facts.changes),
        part("4. ", "yakin"),
        *(f"–\t{one}" for one in facts.sure),
        part("", "kurang"),
        *(f"–\t{one}" for one in facts.gaps),
        part("5. ", "putusan"),
        *(f"☐ {one}" for one in facts.decisions),
        *(t(f"nota.{name}", lang) for name in ("jadwal", "penanggung", "ttd")),
        f"{t('nota.sumber', lang)}: {'; '.join(facts.sources)}.",
    ]


def action_row_text(known: TargetList, store: Store, lang: str) -> list[Any]:
    row, inside = action_row(known, store, lang), kabupaten_lines(known, store, lang)

    def written(value: Any) -> str:
        return number(value, lang) if isinstance(value, int) else str(value)

    left, right = RAD_COLUMNS[:5], RAD_COLUMNS[9:]
    quarters = "\n".join(f"TW{i}: {row[f'tw{i}']}" for i in (1, 2, 3, 4))
    return [
        t("rad.judul", lang),
        [
            [t(f"rad.kolom.{name}", lang) for name in (*left, "tw", *right)],
            [*(written(row[name]) for name in left), quarters, *(written(row[name]) for name in right)],
        ],
        t("rad.per_kabupaten", lang),
        [
            [t(f"rad.kolom.{name}", lang) for name in inside.columns],
            *([written(value) for value in line.values()] for line in inside.to_dict("records")),
        ],
        t("rad.catatan", lang, tujuan=t("dokumen.tujuan_pakai.pelaporan", lang)),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_document_says_what_it_always_said(
    planned_once: Planned, known: TargetList, snapshot: Snapshot, tmp_path: Path, lang: str
) -> None:
    store = planned_once.store
    write_decree(known, store, tmp_path / "sk.docx", lang)
    assert read(tmp_path / "sk.docx") == decree_text(known, store, lang)
    facts = briefing_facts(snapshot, store, known, lang)
    write_letter(facts, b"", tmp_path / "nota.docx")
    assert read(tmp_path / "nota.docx") == letter_text(facts)
    write_action_row(known, store, tmp_path / "rad.docx", lang)
    assert read(tmp_path / "rad.docx") == action_row_text(known, store, lang)
    for path in tmp_path.glob("*.docx"):
        document = Document(str(path))
        (section,) = document.sections
        assert {round(section.page_width.cm, 1), round(section.page_height.cm, 1)} == {21.0, 29.7}
        assert section.header.paragraphs[0].text == "DATA CONTOH"
        assert "PAGE" in section.footer._element.xml
        assert known.sidik[:16] in section.footer.paragraphs[0].text
        assert document.styles["Normal"].font.name == "Times New Roman"
        assert f'w:val="{"id-ID" if lang == "id" else "en-GB"}"' in document.styles["Normal"].element.xml


def plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(name, str) and plain(one) for name, one in value.items())
    return all(map(plain, value)) if type(value) is list else type(value) in (str, int)


def test_a_form_is_given_plain_values_only(planned_once: Planned, known: TargetList, snapshot: Snapshot) -> None:
    store = planned_once.store
    facts = briefing_facts(snapshot, store, known)
    assert plain(decree_values(known, store))
    assert plain(letter_values(facts))
    row, inside = action_row(known, store), kabupaten_lines(known, store)
    assert plain(word_values(row, inside, "id", "pelaporan"))


def office_form(workspace: Workspace, *lines: str, name: str = "sk") -> Path:
    """A form as an office might keep it in its workspace."""
    workspace.forms.mkdir(parents=True, exist_ok=True)
    document = Document()
    for text in lines:
        document.add_paragraph(text)
    document.save(str(workspace.forms / f"{name}.docx"))
    return workspace.forms / f"{name}.docx"


def test_an_office_edits_its_own_form(planned: Planned, tmp_path: Path) -> None:
    """Its own words, in its own order; the mark of sample data stands on every page all the same."""
    known = listed(planned.store, planned.plan, today=MADE)
    office_form(
        planned.workspace,
        "Dinas Tenaga Kerja Kota Contoh",
        "{{ tentang }}",
        "{%p for baris in desa %}",
        "{{ baris[3] }} di {{ baris[1] }}",
        "{%p endfor %}",
    )
    write_decree(known, planned.store, tmp_path / "a.docx", "id", planned.workspace)
    lines = read(tmp_path / "a.docx")
    rows = list_rows(known, planned.store)
    assert lines[0] == "Dinas Tenaga Kerja Kota Contoh"
    wanted = [f"{name} di {above}" for name, above in rows[["desa_kel", "kabupaten"]].to_numpy().tolist()]
    assert lines[2 : 2 + len(rows)] == wanted
    document = Document(str(tmp_path / "a.docx"))
    assert "DATA CONTOH" in [paragraph.text for paragraph in document.sections[0].header.paragraphs]
    write_decree(known, planned.store, tmp_path / "b.docx", "id")
    assert "Dinas Tenaga Kerja Kota Contoh" not in read(tmp_path / "b.docx")


def test_the_mark_is_also_on_first_and_even_pages_of_a_form(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "kerja").create()
    path = office_form(workspace, "{{ isi }}")
    document = Document(str(path))
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for header in (section.header, section.first_page_header, section.even_page_header):
        header.paragraphs[0].text = "Kop kantor"
    document.save(str(path))
    write_word("sk", {"isi": "teks"}, tmp_path / "a.docx", LETTER, workspace)
    section = Document(str(tmp_path / "a.docx")).sections[0]
    for header in (section.header, section.first_page_header, section.even_page_header):
        assert [paragraph.text for paragraph in header.paragraphs] == ["DATA CONTOH", "Kop kantor"]
    write_word("sk", {"isi": "teks"}, tmp_path / "b.docx", Letter("Judul", "kaki"), workspace)
    assert "DATA CONTOH" not in Document(str(tmp_path / "b.docx")).sections[0].header._element.xml


@pytest.mark.parametrize(
    "typed",
    ["{{ 7*7 }}", "{% for x in y %}", "{_{ kop }_}", "{# x #}", "<w:p/>", "A & B", "a\tb", "Desa \x08X", "{%p if %}"],
)
def test_what_somebody_typed_stays_text(tmp_path: Path, typed: str) -> None:
    workspace = Workspace(tmp_path / "kerja").create()
    office_form(workspace, "awal {{ isi }} akhir")
    write_word("sk", {"isi": typed}, tmp_path / "a.docx", Letter("Judul", "kaki"), workspace)
    assert read(tmp_path / "a.docx") == [f"awal {typed.replace(chr(8), '')} akhir"]


@pytest.mark.parametrize(
    ("text", "reason", "named"),
    [
        ("{{ tidak_ada }}", "FORM_VALUE", "tidak_ada"),
        ("{{ isi.tidak_ada }}", "FORM_VALUE", "tidak_ada"),
        ("{% for x in daftar %}{{ x }}", "FORM_TAG", "endfor"),
        ("{{ isi", "FORM_TAG", ""),
        ("{{ isi | hapus_semua }}", "FORM_TAG", "hapus_semua"),
        ("{{ isi.__class__.__mro__ }}", "FORM_FORBIDDEN", "__class__"),
        ("{{ ''.__class__ }}", "FORM_FORBIDDEN", "__class__"),
        ("{{ daftar.append(1) }}", "FORM_FORBIDDEN", ""),
        ("{% include 'x' %}", "FORM_TAG", ""),
        ("{{ range(9) }}", "FORM_VALUE", "range"),
        ("{{ isi + 1 }}", "FORM_TAG", ""),
    ],
)
def test_a_broken_or_hostile_form_is_told_and_nothing_is_written(
    tmp_path: Path, text: str, reason: str, named: str
) -> None:
    workspace = Workspace(tmp_path / "kerja").create()
    office_form(workspace, text)
    with pytest.raises(Refused) as caught:
        write_word("sk", {"isi": "teks", "daftar": ["a"]}, tmp_path / "a.docx", LETTER, workspace)
    assert caught.value.reason == reason
    assert not (tmp_path / "a.docx").exists()
    for lang in LANGUAGES:
        said = reason_text(caught.value.reason, caught.value.params, lang)
        assert "sk.docx" in said
        assert named in said
        assert "Traceback" not in said


def test_a_tag_that_would_tear_a_table_apart_is_told(tmp_path: Path) -> None:
    """The library mends broken XML by leaving parts out; text must not be lost in silence."""
    workspace = Workspace(tmp_path / "kerja").create()
    path = office_form(workspace, "teks")
    document = Document(str(path))
    grid = document.add_table(rows=2, cols=1)
    grid.rows[0].cells[0].text = "{%tr if isi == 'lain' %}"
    grid.rows[1].cells[0].text = "x"
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("akhir")
    document.save(str(path))
    with pytest.raises(Refused) as caught:
        write_word("sk", {"isi": "teks"}, tmp_path / "a.docx", LETTER, workspace)
    assert caught.value.reason == "FORM_TAG"


@pytest.mark.parametrize("content", [b"", b"bukan berkas Word", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_word_file_is_told(tmp_path: Path, content: bytes) -> None:
    workspace = Workspace(tmp_path / "kerja").create()
    workspace.forms.mkdir()
    (workspace.forms / "sk.docx").write_bytes(content)
    with pytest.raises(Refused) as caught:
        write_word("sk", {}, tmp_path / "a.docx", LETTER, workspace)
    assert caught.value.reason == "FORM_FILE"


def test_the_forms_can_be_built_anew(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_word_forms.py"), str(tmp_path)], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.glob("*.docx")} == {path.name for path in FORMS.glob("*.docx")}


def test_a_form_of_the_office_is_in_the_backup(planned: Planned, tmp_path: Path) -> None:
    from data.backup import backup, restore

    office_form(planned.workspace, "Dinas Tenaga Kerja")
    planned.store.close()
    backup(planned.workspace, tmp_path / "cadangan.zip")
    restore(Workspace(tmp_path / "pulih"), tmp_path / "cadangan.zip")
    assert read(tmp_path / "pulih" / "templat" / "sk.docx") == ["Dinas Tenaga Kerja"]


def test_word_is_no_part_of_a_screen_or_of_help() -> None:
    code = (
        "import sys; sys.argv = ['peta-aman']; import cli; cli._parser().format_help();"
        "import campaign.documents.registry, campaign.handover.handing_over;"
        "print([name for name in ('docx', 'docxtpl', 'jinja2.sandbox', 'pptx', 'typst') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_the_year_of_the_decree_follows_the_planned_days(planned_once: Planned, known: TargetList) -> None:
    from campaign.documents.decree import _year

    assert _year(known.plan, {}) == str(MADE.year)
    assert _year({**known.plan, "made": "2026-12-03"}, {}) == "2027"
    assert _year(known.plan, {"a": dt.date(2028, 1, 1)}) == "2028"
