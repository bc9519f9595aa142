"""Write the table of docs/dokumen.md anew from the registry of documents.

uv run python scripts/document_table.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from campaign.documents.registry import DOCUMENTS  # noqa: E402
from campaign.handover.document import Document  # noqa: E402
from words import t  # noqa: E402

PAGE = ROOT / "docs" / "dokumen.md"
WRITTEN = {".geojson": "GeoJSON", ".parquet": "Parquet"}
BEGIN, END = "<!-- dokumen: awal -->\n", "<!-- dokumen: akhir -->"


def written() -> str:
    """The table, a row a document."""
    rows = ["| dokumen | untuk siapa | bentuk | di layar | perintah |", "|---|---|---|---|---|"]
    return "\n".join([*rows, *map(_row, DOCUMENTS)]) + "\n"


def table_between_marks(page: str) -> str:
    return page.partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(table_between_marks(page), written()), encoding="utf-8")


def _row(document: Document) -> str:
    title = t(document.title)
    formats = ", ".join(WRITTEN.get(suffix, suffix.removeprefix(".").upper()) for suffix in document.formats)
    screens = ", ".join(document.screens) or "–"
    command = document.command or document.made_by
    cells = (title[0].upper() + title[1:], t(document.readers), formats, screens, f"`{command}`" if command else "–")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
