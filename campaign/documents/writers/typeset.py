"""Pages set with Typst: a template of ours and values. Values are data to it, never markup, and its fonts are its own.

Nothing is loaded from outside: fonts of the machine are left alone, so that a page looks the same everywhere.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parents[1] / "templates"
PAPER_FONT = "Libertinus Serif"
_MAP_FONT = "'Source Sans 3','Source Sans',Arial,sans-serif"


def set_pages(template: str, values: dict[str, Any]) -> bytes:
    """A PDF of ``templates/<template>.typ`` with ``values`` (plain values; drawings as SVG text)."""
    return bytes(_compile(template, values, format="pdf"))


def set_images(template: str, values: dict[str, Any], ppi: float = 150) -> list[bytes]:
    """The same pages as PNG, one each."""
    made = _compile(template, values, format="png", ppi=ppi)
    return [bytes(page) for page in made] if isinstance(made, list) else [bytes(made)]


def count_pages(template: str, values: dict[str, Any]) -> int:
    """How many pages the values fill."""
    made = _compile(template, values, format="svg")
    return len(made) if isinstance(made, list) else 1


def drawing(svg: str) -> str:
    """A map drawn for screens, in the font of the paper."""
    return svg.replace(_MAP_FONT, f"'{PAPER_FONT}'")


def _compile(template: str, values: dict[str, Any], **options: Any) -> Any:
    import typst  # its library is large; only who makes a document pays for it

    return typst.compile(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        **options,
    )
