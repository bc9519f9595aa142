"""The page of examples (docs/contoh.md): what is typed, what is done, and what the program makes of it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.spec.acts import Example, examples

HEAD = """# Contoh

Contoh-contoh kecil tentang apa yang dilakukan Peta Aman dengan isian seperti yang diketik orang. Provinsi, desa dan
angkanya rekaan. Setiap hasil di bawah dibuat oleh programnya sendiri: halaman ini ditulis oleh
`python scripts/contoh.py` dari `tests/spec/contoh.toml`, dan pengujian gagal bila programnya berbuat lain.
"""


def page(outcomes: Mapping[str, list[str]]) -> str:
    """The whole page as Markdown; ``outcomes`` (by title) are what the program made of the examples."""
    sections = [section(i, example, outcomes[example.judul]) for i, example in enumerate(examples(), start=1)]
    return HEAD + "".join(sections)


def section(number: int, example: Example, outcome: list[str]) -> str:
    """One example as Markdown."""
    titles = [row[0] for row in example.tabel if len(row) == 1 < len(example.tabel[-1])]
    header, *rows = [row for row in example.tabel if row[0] not in titles]
    lines = ["", f"## {number}. {example.judul}", example.mengapa, ""]
    lines += [f"*Judul di atas tabel:* {title}\n" for title in titles]
    lines += [_row(header), _row(["---"] * len(header)), *map(_row, rows)]
    lines += ["", f"*Perbuatan:* {example.perbuatan}.", "", "*Hasil:*", "", *(f"* {one}" for one in outcome), ""]
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
