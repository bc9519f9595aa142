"""Writes docs/contoh.md, the page of examples, from tests/spec/contoh.toml by doing what each example says.

uv run --group dev python scripts/contoh.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.pop("PETA_AMAN_DATABASE", None)  # the examples have stores of their own

from tests.spec.acts import examples, outcome  # noqa: E402
from tests.spec.page import page  # noqa: E402

if __name__ == "__main__":
    made = {example.judul: outcome(example) for example in examples()}
    (ROOT / "docs" / "contoh.md").write_text(page(made), encoding="utf-8")
