"""Every kind of row that the program writes into the audit has words in both languages: a screen shows no code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.evidence.trail import act_name
from campaign.intake.preview import COMPARED
from campaign.reading.exact import SEEN
from data.domain.roles import Act
from words import LANGUAGES, has, t

ROOT = Path(__file__).resolve().parents[2]
ACT_AT = {"note_act": 2, "note_quietly": 2, "append": 2, "record": 1, "record_view": 2}
"""By name of the function that writes a row, which of its arguments names the act."""
CHANGES = "akun."
"""What stands before the act in `store.accounts.change`."""


def kinds() -> Iterator[str]:
    """Kinds written out in the code; those of acts without a row of their own are the acts' own names."""
    for room in ("campaign", "data", "pages", "commands"):
        for path in (ROOT / room).glob("**/*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in ACT_AT and len(node.args) > ACT_AT[name]:
                    given = node.args[ACT_AT[name]]
                elif name == "change" and len(node.args) > 1:
                    given = node.args[1]
                else:
                    continue
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield (CHANGES if name == "change" else "") + given.value


WRITTEN = sorted({*kinds(), COMPARED, SEEN, f"{CHANGES}kode_dipasang", f"{CHANGES}kode_dilepas", *map(str, Act)})


def test_kinds_are_found_in_the_code() -> None:
    assert {"import", "export", "masuk.berhasil", "akun.dibuat", "akun.sandi_diganti", "backup"} <= set(WRITTEN)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", WRITTEN)
def test_every_kind_of_row_has_words(kind: str, lang: str) -> None:
    key = f"jejak.tindakan.{kind}" if has(f"jejak.tindakan.{kind}") else f"tindakan.{kind}"
    assert has(key)
    assert act_name(kind, lang) == t(key, lang)
