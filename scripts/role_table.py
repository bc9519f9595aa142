"""Write the tables of docs/peran.md anew from the rules: who may do what, which documents are for everybody.

uv run python scripts/role_table.py
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from campaign.documents.registry import DOCUMENTS  # noqa: E402
from campaign.office.responsibilities import role_table  # noqa: E402
from words import t  # noqa: E402

PAGE = ROOT / "docs" / "peran.md"
BEGIN, END = "<!-- peran: awal -->\n", "<!-- peran: akhir -->"


def written() -> str:
    """The table, a row an act, and the documents that everybody may take along."""
    public = ", ".join(t(document.title) for document in DOCUMENTS if document.public)
    return f"{role_table()}\n\nBerkas umum: {public}. Semua yang lain adalah berkas kerja.\n"


def between_marks(page: str) -> str:
    return page.partition(BEGIN)[2].partition(END)[0]


def main() -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    PAGE.write_text(before + BEGIN + written() + END + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
