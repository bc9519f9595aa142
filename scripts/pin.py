"""Write the exact versions of everything we install into pyproject.toml, without addresses.

``uv.lock`` records where each file came from, so it stays out of the repository. The same exact versions are kept as
uv's constraint list instead: ``uv run`` resolves to them on every machine.

    uv run python scripts/pin.py          # after changing dependencies: resolve anew and rewrite the list
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
BLOCK = re.compile(r"\nconstraint-dependencies = \[\n.*?\n\]\n", re.S)


def main() -> None:
    text = BLOCK.sub("\n", PROJECT.read_text(encoding="utf-8"))
    PROJECT.write_text(text, encoding="utf-8")
    subprocess.run(["uv", "lock", "--upgrade", "-q"], cwd=PROJECT.parent, check=True)
    out = subprocess.run(
        ["uv", "export", "-q", "--all-groups", "--no-hashes", "--no-header", "--no-annotate", "--no-emit-project"],
        cwd=PROJECT.parent,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    pins = [line.strip() for line in out.splitlines() if "==" in line and not line.startswith(("-", "#"))]
    lines = "".join(f'    "{pin}",\n' for pin in (pin.replace('"', "'") for pin in pins))
    block = f"\nconstraint-dependencies = [\n{lines}]\n"
    PROJECT.write_text(text.replace("\ndefault-groups = []\n", "\ndefault-groups = []" + block, 1), encoding="utf-8")
    print(f"{len(pins)} versions pinned")


if __name__ == "__main__":
    main()
