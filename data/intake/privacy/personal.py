"""The door against personal data: identity numbers, phones, e-mails, passports, names of people.

A file that holds any is refused as a whole before anything else is said about it. What was found is named by kind,
column and row; the value itself leaves this module in no form.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Set
from typing import NamedTuple

from data.errors import Refused
from data.intake.cells.text import INVISIBLE, clean, header_key, words_of
from data.intake.files.raw import Cell, RawFile, RawTable
from data.intake.privacy.split_identity import can_be_identity, split_identity

_HEADERS: dict[str, re.Pattern[str]] = {
    "NIK/KK": re.compile(
        r"\b(?:nik|no ?kk|nomor kk|nokk|no ktp|ktp|nomor induk kependudukan|kartu keluarga|nkk|e ktp)\b"
    ),
    "paspor/passport": re.compile(r"\b(?:paspor|passport|pasport)\b"),
    "telepon/phone": re.compile(
        r"\b(?:telp|tlp|telepon|telpon|no hp|nomor hp|hp|handphone|whatsapp|wa|no wa|phone|kontak|mobile)\b"
    ),
    "e-mail": re.compile(r"\b(?:e ?mail|surel)\b"),
    "NIP": re.compile(r"\bnip\b"),
    "nama orang/personal name": re.compile(
        r"\bnama (?:lengkap|korban|pmi|cpmi|tki|tkw|pekerja|calon|ayah|ibu|orang tua|ortu|suami|istri|anak|keluarga"
        r"|pelapor|terlapor|tersangka|pelaku|jenazah|almarhum\w*|alm|ahli waris|kepala keluarga|kk|kepala desa|kades"
        r"|petugas|penduduk|warga|orang|penerima|responden|krt|kepala rumah tangga|pendamping|penanggung jawab|pejabat"
        r"|lurah|camat|anggota|peserta|hadirin|narasumber|fasilitator|penyuluh|pembicara)\b"
        r"|\b(?:full ?name|victim name|nama dan gelar|inisial|nama alias|nama panggilan|an korban|ahli waris)\b"
    ),
    "tanggal lahir/birth date": re.compile(
        r"\b(?:tgl|tanggal|tempat|ttl) ?(?:tgl |tanggal )?lahir\b|\bttl\b|\bbirth ?(?:date|day|place)\b"
        r"|\bdate of birth\b|\bdob\b"
    ),
    "alamat/address": re.compile(
        r"^(?:alamat(?! (?:desa|kelurahan|kecamatan|kabupaten|wilayah|kantor)\b).*|(?:home )?address|rt rw|rt)$"
    ),
    "nomor pribadi/personal number": re.compile(
        r"\b(?:no|nomor|nmr|id) (?:\w+ )?(?:rekening|rek|npwp|bpjs|identitas|sim|visa|ktkln|pmi|cpmi|tki|jenazah)\b"
        r"|^(?:npwp|rekening|identitas|id ?card)\b|\b(?:facebook|instagram|tiktok|medsos|media sosial)\b"
    ),
}
_COUNTED = re.compile(r"^(?:jumlah|jml|jlh|banyak\w*|total|persen\w*|prosen\w*|rasio|rata|akses|kepemilikan|angka)\b")
"""Headers that speak of how many, not of who: ``Jumlah Kartu Keluarga``."""

_MONEY = re.compile(
    r"\b(?:pagu|anggaran|dana|biaya|rupiah|rp|apbdes?|add|blt|belanja|pendapatan|realisasi|honor|insentif|budget)\b"
)
"""Headers of money, whose amounts may have sixteen digits: there only a number that can be a person's is one."""

_PERSON_WORD = re.compile(
    r"\b(?:korban|pmi|tki|tkw|cpmi|tersangka|pelaku|terlapor|jenazah|nama|name|almarhum\w*|penanggung|petugas|operator"
    r"|pelapor|pendamping|kepala|kades|lurah|camat|sponsor|majikan|calo|perekrut|agen|pic)\b"
)

_PERSON_MARK = re.compile(
    r"(?:umur|usia|age)(?: (?:tahun|thn|th|korban|pmi|tki|saat \w+))*|(?:jenis |jns )?kelamin(?: \w+)*|jk|l p|sex"
    r"|gender|agama|status perkawinan|status kawin|pekerjaan|pendidikan|pendidikan terakhir"
)
"""Columns that describe single persons; an age beside another of them makes a list of people, named or not."""

_BARE_NAME = re.compile(r"nama|name")

_GAP = r"[\s.\-_/\\·•'’‘\",:;|()]{0,3}"
_SIXTEEN = re.compile(rf"(?<!\d)(?<!\d[.,])\d(?:{_GAP}\d){{15}}(?!{_GAP}\d)")
_SIXTEEN_SOLID = re.compile(r"(?<!\d)\d{16}(?!\d)")
_EIGHTEEN = re.compile(rf"(?<!\d)(?:19|20)\d\d(?:{_GAP}\d){{14}}(?!\d)")
_DAYS = re.compile(
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[-/. ](?:0?[1-9]|1[0-2])[-/. ](?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d[-/.](?:0[1-9]|1[0-2])[-/.](?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_DECIMAL = re.compile(r"[+-]?\d{1,4}[.,]\d{5,}(?:[eE][+-]?\d+)?")
_SCIENTIFIC = re.compile(r"[1-9](?:[.,]\d+)?[eE]\+?15")
_LOOKALIKE = re.compile(r"(?<![0-9A-Za-z])(?=(?:[OoIl]*\d){8})[0-9OoIl]{16}(?![0-9A-Za-z])")
_MASKED = re.compile(r"(?<!\d)(?=[\d*xX•#]{16}(?![\d*xX•#]))\d{4,12}[*xX•#]{4,12}\d{0,8}")
_PHONE = re.compile(
    r"(?<![\d.,])(?:\(?\+ ?62\)?|0062|\(62\)|62(?=[ \-]8)|0)[\s\-.()]{0,2}8(?:[\s\-.()]{0,2}\d){7,11}(?!\d)"
    r"|(?<![\w/.,])08\d\d/\d{3,4}/\d{3,5}(?![\w/])"
    r"|(?<![\d.,])628[1-9]\d{7,10}(?![\d.,]\d|\d)"
)
_LANDLINE = re.compile(r"(?<!\d)\(0\d{2,3}\)[\s\-]{0,2}\d{5,8}(?!\d)|(?<![\d.,/])0\d{2,3}[- ]\d{5,8}(?![\d.,/])")
_ABROAD = re.compile(
    r"(?<![\w+])\+(?!62)[1-9]\d{0,2}(?:[\s\-.()]{1,2}\d{1,5}){2,4}(?!\d)|(?<![\w+])\+[1-9]\d{9,13}(?!\d)"
)
"""A number of another country: victims' families write Malaysian ones."""
_PHONE_NAMED = re.compile(
    r"(?i)\b(?:telp?o?n?|telepon|tlp|tel|hp|wa|whats ?app|fax|faks)\b\W{0,4}(?:\d[\s\-.()/]{0,2}){5,14}(?!\d)"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}\s?(?:@|\(at\)|\[at\]|\(a\))\s?[A-Za-z0-9\-]{1,64}\s?(?:\.|\(dot\)|\[dot\])\s?[A-Za-z]{2,}"
)
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9.\-])(?:[A-EXS]\s?\d{7}|(?!ID|NO)[A-Z]{2}\s?\d{7}|X[A-Z]\s?\d{6})(?![A-Za-z0-9])"
)
_HONORIFIC = re.compile(
    r"\b(?:(?i:a\.\s?n\.?|atas nama|sdri?\.|saudara|saudari|almh?\.|almarhum(?:ah)?|bernama)|An\.|AN\.|Tn\.|Ny\.|Nn\.)"
    r"\s+[A-Z][A-Za-z]+|\b[A-Z][A-Za-z]+\s+(?i:bin|binti)\s+[A-Z][A-Za-z]+|(?i:\bNIK\s*[:.]?\s*\d{6,})"
)
_PASSPORT_NAMED = re.compile(
    r"(?i)\b(?:pasp?ort?|passport|splp)\b[^A-Za-z0-9]{0,4}(?:no\w*[^A-Za-z0-9]{0,3})?[A-Z]{0,2}\s?\d{5,8}\b"
)
_BORN = re.compile(r"(?i)\b(?:lahir|born|ttl)\b\D{0,30}\d{1,2}[-/. ]{1,2}\w{1,9}[-/. ]{1,2}\d{2,4}")
_ADDRESS = re.compile(
    r"(?i)\bRT\s*[.:/]?\s*\d{1,3}\s*[/,.-]?\s*RW\s*[.:/]?\s*\d{1,3}\b|\bRT\s*/\s*RW\W{0,3}\d{1,3}\s*/\s*\d{1,3}"
)
_WORTH = re.compile(r"\d{4}|@|\(at\)|\[at\]|[A-Z]\w*[ .]")


class PersonalFinding(NamedTuple):
    """What was found and where; never the value."""

    what: str
    row: int | None
    column: int


def value_kind(cell: Cell) -> str | None:
    """The kind of personal data a cell holds, None for a clean cell."""
    if cell is None or isinstance(cell, bool | dt.date):
        return None
    if isinstance(cell, float | int):
        if 1e15 <= abs(cell) < 1e16 and float(cell).is_integer():
            return "NIK/KK"
        # The last digits of a NIP are lost in a number cell; birth date and first day of service are not.
        return "NIP" if 1.9e17 <= cell < 2.1e17 and _is_nip(f"{cell:.0f}"[:14] + "1001") else None
    if len(cell) < 6 or not _WORTH.search(cell):
        return _worth_again(cell)
    return _text_kind(_plain(cell))


def header_kind(label: str) -> str | None:
    """The kind of personal data a header announces."""
    key = header_key(label)
    if _COUNTED.search(key):
        return None
    for what, pattern in _HEADERS.items():
        if pattern.search(key):
            return what
    return None


def refuse_personal(
    table: RawTable,
    labels: list[str],
    header_rows: set[int],
    place_columns: set[int],
    is_place: Callable[[str], bool],
    villages_elsewhere: bool = False,
    *,
    named: Set[int] = frozenset(),
    figures: Set[int] = frozenset(),
    districts: Set[str] = frozenset(),
    codes: Callable[[int, Cell], bool] = lambda column, cell: False,
) -> None:
    """Raises `Refused` when the table holds personal data: ``PII_COLUMN`` or ``PII_VALUE``.

    ``labels`` are the headers by column, ``header_rows`` the physical rows they stand in; ``place_columns`` hold place
    names or codes by their header; ``is_place`` says whether a text is the name of a known place;
    ``villages_elsewhere`` that another column than a bare "Nama" holds the villages; ``named`` columns hold times and
    the like by their headers, ``figures`` what is counted, ``districts`` are the kecamatan as six digits; ``codes``
    says that a cell of a column is a code of BPS as long as an identity number.
    """
    for column, label in enumerate(labels):
        if what := header_kind(label):
            raise Refused("PII_COLUMN", column=_letter(column), header=_safe(label), what=what)
    marks = {column for column, label in enumerate(labels) if _PERSON_MARK.fullmatch(header_key(label))}
    aged = [column for column in marks if header_key(labels[column]).startswith(("umur", "usia", "age"))]
    if len(marks) > 1 and aged:
        column = aged[0]
        raise Refused("PII_COLUMN", column=_letter(column), header=_safe(labels[column]), what="daftar orang/line list")
    found: dict[tuple[str, int], list[int]] = {}
    money = {column for column, label in enumerate(labels) if _MONEY.search(header_key(label))}
    kinds: dict[Cell, str | None] = {}  # the same names and codes come again and again
    for number, cells in table.rows:
        for column, cell in enumerate(cells):
            if cell not in kinds:
                kinds[cell] = value_kind(cell)
            if (what := kinds[cell]) is not None and not (
                (column in money and _is_amount(cell)) or codes(column, cell)
            ):
                found.setdefault((what, column), []).append(number)
    cut = split_identity(table.rows, table.width, place_columns | named, figures, districts) if not found else None
    if cut is not None:
        found["NIK/KK", cut[0]] = cut[1]
    for (what, column), rows in found.items():
        shown = ", ".join(str(row) for row in rows[:5]) + (" …" if len(rows) > 5 else "")
        label = labels[column] if column < len(labels) else ""
        raise Refused("PII_VALUE", column=_letter(column), header=_safe(label), what=what, rows=shown, count=len(rows))
    for column, label in enumerate(labels):
        if column in place_columns:
            continue
        strange = _strange_names(table, column, label, header_rows, is_place)
        if len(strange) >= (1 if marks or villages_elsewhere or not _BARE_NAME.fullmatch(header_key(label)) else 2):
            raise Refused("PII_COLUMN", column=_letter(column), header=_safe(label), what="nama orang/personal name")


def refuse_aside(raw: RawFile) -> None:
    """Raises `Refused` for personal data in the names of sheets, and in sheets that are not read, hidden ones too."""
    for table in [*raw.tables, *raw.aside]:
        if table.sheet and (what := value_kind(table.sheet)):
            raise Refused("PII_VALUE", column="–", header="", what=what, rows="–", count=1)
    for table in raw.aside:
        for number, cells in table.rows:
            labels = [cell for cell in cells if isinstance(cell, str) and len(cell) <= 40] if number <= 40 else []
            for column, cell in enumerate(cells):
                if what := value_kind(cell):
                    raise Refused("PII_VALUE", column=_letter(column), header="", what=what, rows=str(number), count=1)
                if len(labels) > 1 and isinstance(cell, str) and (what := header_kind(cell)):
                    raise Refused("PII_COLUMN", column=_letter(column), header=_safe(cell), what=what)


def _is_amount(cell: Cell) -> bool:
    """Sixteen plain digits that cannot be an identity number."""
    text = f"{cell:.0f}" if isinstance(cell, float) else cell
    return isinstance(text, str) and bool(re.fullmatch(r"\d{16}", text)) and not can_be_identity(text)


def safe_file_name(name: str) -> str:
    """A file name without anything that may be personal: long numbers, e-mails and names after NIK are blanked."""
    hidden = re.sub(r"\d(?:[\s._\-]?\d){8,}", "…", _EMAIL.sub("…", clean(name)))
    return "…" if value_kind(hidden) else hidden[:200]


def _worth_again(text: str) -> str | None:
    """Spellings the quick look may miss: digits of other scripts, invisible characters between them."""
    if text.isascii() and not _SCIENTIFIC.fullmatch(text.strip()) and not _LOOKALIKE.search(text):
        return _text_kind(text) if sum(char.isdigit() for char in text) >= 9 else None
    return _text_kind(_plain(text))


def _plain(text: str) -> str:
    """Digits of every script as ASCII, invisible characters out, blanks plain."""
    folded = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    if folded.isascii():
        return folded
    return "".join(str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char for char in folded)


def _text_kind(text: str) -> str | None:
    stripped = text.strip()
    if _SCIENTIFIC.fullmatch(stripped):
        return "NIK/KK"
    if _DECIMAL.fullmatch(stripped):
        return None
    if any(_is_nip(found.group()) for found in _EIGHTEEN.finditer(text)):
        return "NIP"
    if _SIXTEEN_SOLID.search(text) or _MASKED.search(text):
        return "NIK/KK"
    if any(can_be_identity(re.sub(r"\D", "", found.group())) for found in _SIXTEEN.finditer(_DAYS.sub(" ~ ", text))):
        return "NIK/KK"
    if any(can_be_identity(_unlike(found.group())) for found in _LOOKALIKE.finditer(text)):
        return "NIK/KK"
    if _EMAIL.search(text):
        return "e-mail"
    if any(one.search(text) for one in (_PHONE, _LANDLINE, _ABROAD, _PHONE_NAMED)):
        return "telepon/phone"
    if _PASSPORT.search(text) or _PASSPORT_NAMED.search(text):
        return "paspor/passport"
    if _BORN.search(text):
        return "tanggal lahir/birth date"
    if _ADDRESS.search(text):
        return "alamat/address"
    return "nama orang/personal name" if _HONORIFIC.search(text) else None


def _is_nip(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    return len(digits) == 18 and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:8]) <= 31 and digits[14] in "12"


def _unlike(text: str) -> str:
    return text.translate(str.maketrans("OoIl", "0011"))


def _strange_names(
    table: RawTable, column: int, label: str, header_rows: set[int], is_place: Callable[[str], bool]
) -> set[str]:
    """Texts of a column whose header speaks of persons and most of whose cells name no known place: people."""
    if not _PERSON_WORD.search(header_key(label)):
        return set()
    last = max(header_rows, default=0)
    texts = [
        cell
        for number, cells in table.rows
        if number > last
        and column < len(cells)
        and isinstance(cell := cells[column], str)
        and re.search(r"[A-Za-z]{2}", cell)
    ]
    words = [text for text in texts if not re.search(r"\d", text) and not _is_word_of_office(text)]
    strange = [text for text in words if not is_place(text)]
    return set(strange) if len(strange) > len(words) * 0.5 else set()


def _is_word_of_office(text: str) -> bool:
    return bool(
        re.search(
            r"\b(?:jumlah|total|tppo|pmi|prosedural|nonprosedural|kasus|nihil|orang|meninggal|bermasalah|dinas|badan|kantor"
            r"|pol(?:res|da|sek)|bp[23]mi|balai|imigrasi|rsud|puskesmas|yayasan|pt|cv|lsm)\b",
            words_of(text),
        )
    )


def _letter(column: int) -> str:
    from data.intake.header.header_names import column_letter

    return column_letter(column)


def _safe(label: str) -> str:
    """A header that may be quoted: one of ordinary words, not a value that slipped into its place."""
    return label[:40] if label and value_kind(label) is None and not re.search(r"\d{5,}", label) else ""
