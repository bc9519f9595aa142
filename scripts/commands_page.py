"""Writes what the parser knows of every command into docs/perintah.md: usage and options, between two marks a section.

    uv run python scripts/commands_page.py [--check]

What stands around the marks is written by hand. ``--check`` changes nothing and ends with 1 when the page is not what
this script would write.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cli import OWN_ROLES, commands

PAGE = Path(__file__).resolve().parent.parent / "docs" / "perintah.md"
BEGIN, END = "<!-- dari program -->", "<!-- sampai sini -->"
COMMON = {"help", "workspace", "json", "lang", "user"}
NARROWING = {"role", "area"}


def block(name: str, parser: argparse.ArgumentParser) -> str:
    """Usage and options of one command as Markdown."""
    common = COMMON if name in OWN_ROLES else COMMON | NARROWING
    options = [action for action in parser._actions if action.dest not in common]
    usage = " ".join(part for part in ("peta-aman", name, *(written(action) for action in options)))
    lines = [BEGIN, "```", *wrapped(usage), "```"]
    if options:
        lines += ["| pilihan | arti |", "|---|---|"]
        lines += [f"| `{title(action)}` | {meaning(action)} |" for action in options]
    return "\n".join([*lines, END])


def written(action: argparse.Action) -> str:
    """An option as usage shows it: in brackets unless it must be given."""
    text = title(action) if action.option_strings else value(action)
    if action.nargs in ("+", "*"):
        text += " …"
    needed = action.required if action.option_strings else action.nargs not in ("?", "*")
    return text if needed else f"[{text}]"


def title(action: argparse.Action) -> str:
    if not action.option_strings:
        return value(action)
    return action.option_strings[-1] + ("" if action.nargs == 0 else f" {value(action)}")


def value(action: argparse.Action) -> str:
    named = action.metavar or (action.dest.upper() if not action.choices else "|".join(map(str, action.choices)))
    return str(named)


def meaning(action: argparse.Action) -> str:
    parts = [str(action.help).replace("|", "\\|")]
    if action.choices and action.metavar:
        parts.append(", ".join(f"`{one}`" for one in action.choices))
    if action.nargs != 0 and action.default not in (None, argparse.SUPPRESS, "", []):
        shown = " ".join(map(str, action.default)) if isinstance(action.default, list) else action.default
        parts.append(f"bawaan `{shown}`")
    return "; ".join(parts)


def wrapped(usage: str, width: int = 116) -> list[str]:
    lines: list[str] = [""]
    for part in re.findall(r"\[[^\]]*\]|\S+", usage):
        if lines[-1] and len(lines[-1]) + len(part) + 1 > width:
            lines.append("    " + part)
        else:
            lines[-1] += (" " if lines[-1] else "") + part
    return lines


def page(text: str) -> str:
    """The page with every command's block made anew; a command without a section is an error."""
    for name, parser in commands().items():
        heading = f"\n## `{name}`\n"
        if heading not in text:
            raise SystemExit(f"docs/perintah.md has no section for {name}")
        before, _, after = text.partition(heading)
        if after.startswith(BEGIN):
            after = after.partition(END)[2].lstrip("\n")
        text = f"{before}{heading}{block(name, parser)}\n\n{after}"
    return text


def main() -> int:
    old = PAGE.read_text(encoding="utf-8")
    new = page(old)
    if "--check" in sys.argv[1:]:
        return int(new != old)
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
