"""The report for the notice within 3 × 24 hours: what one person saw, changed and took along in a period."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pandas as pd

from campaign.evidence.trail import Group, TrailQuery, trail_rows
from campaign.permission import act
from data.domain.actor import Actor
from data.domain.roles import Act
from data.errors import WrongUse
from data.files import write_atomically
from data.store.store import Store
from words import date_text, number, t

FORMATS = (".docx", ".md")
ORDER = (Group.TOOK, Group.SAW, Group.CHANGED, Group.CAME, Group.REFUSED, Group.KEPT)
_COLUMNS = ("nomor", "saat", "tindakan", "rincian")


@act(Act.REPORT_INCIDENT)
def report_incident(
    actor: Actor, store: Store, person: str, since: dt.date, until: dt.date, path: Path, *, lang: str = "id"
) -> int:
    """Writes the report on ``person`` (a name or an account) to ``path`` and returns how many rows it rests on; that it
    was written is a row itself.

    It speaks of acts, never of what was in a file. Raises `WrongUse`: ``UNKNOWN_FORMAT``, ``NO_FOLDER``, ``PERIOD``
    when the period ends before it begins.
    """
    if path.suffix.lower() not in FORMATS:
        raise WrongUse("UNKNOWN_FORMAT", format=path.suffix or path.name, allowed=", ".join(FORMATS))
    if not path.parent.is_dir():
        raise WrongUse("NO_FOLDER", path=str(path.parent))
    if until < since:
        raise WrongUse("PERIOD", value=f"{since} – {until}")
    rows = trail_rows(store, TrailQuery(user=person, since=since, until=until), lang)
    head, broken = _evidence(store, lang)
    lines = _head(rows, person, since, until, head, broken, lang)
    content = (_as_docx if path.suffix.lower() == ".docx" else _as_markdown)(lines, rows, lang)
    digest = hashlib.sha256(content).hexdigest()
    told = {"person": person, "since": since, "until": until, "file": path.name, "sha256": digest, "rows": len(rows)}
    # The row first: a report that nobody knows of must not be there, whatever happens in between.
    write_atomically(
        path, content, private=False, finished=lambda: store.audit.record(actor.name, "incident_report", told)
    )
    return len(rows)


def _evidence(store: Store, lang: str) -> tuple[str, str]:
    verdict = store.audit.verify()
    if verdict.broken is None:
        return verdict.head.short, t("insiden.rantai_utuh", lang)
    return verdict.head.short, t("insiden.rantai_putus", lang, nomor=str(verdict.broken))


def _head(
    rows: pd.DataFrame, person: str, since: dt.date, until: dt.date, head: str, broken: str, lang: str
) -> list[str]:
    counted = rows["kelompok"].value_counts()
    said = [
        t("insiden.tentang", lang, nama=person),
        t("insiden.masa", lang, dari=date_text(since, lang), sampai=date_text(until, lang)),
        t("insiden.bukti", lang, kepala=head, keadaan=broken),
        t("insiden.batas", lang),
    ]
    return said + [
        t(
            "insiden.banyak",
            lang,
            kelompok=t(f"jejak.kelompok.{group}", lang),
            n=number(int(counted.get(group, 0)), lang),
        )
        for group in ORDER
    ]


def _of(rows: pd.DataFrame, group: Group) -> list[list[str]]:
    """Number, moment, act and details of a group's rows, the oldest first."""
    chosen = rows[rows["kelompok"] == group][::-1]
    moments = [f"{at:%d-%m-%Y %H.%M}" for at in chosen["saat"]]
    return [
        [str(row), at, name, said]
        for row, at, name, said in zip(chosen["nomor"], moments, chosen["tindakan"], chosen["rincian"], strict=True)
    ]


def _as_markdown(lines: list[str], rows: pd.DataFrame, lang: str) -> bytes:
    out = [f"# {t('insiden.judul', lang)}", "", *(f"* {line}" for line in lines), ""]
    for group in ORDER:
        out += [f"## {t(f'jejak.kelompok.{group}', lang)}", ""]
        found = _of(rows, group)
        if not found:
            out += [t("insiden.tidak_ada", lang), ""]
            continue
        out.append("| " + " | ".join(t(f"jejak.kolom.{name}", lang) for name in _COLUMNS) + " |")
        out.append("|---" * len(_COLUMNS) + "|")
        out += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in found]
        out.append("")
    return "\n".join(out).encode()


def _as_docx(lines: list[str], rows: pd.DataFrame, lang: str) -> bytes:
    import io

    from docx import Document as Word

    document = Word()
    document.add_heading(t("insiden.judul", lang), 1)
    for line in lines:
        document.add_paragraph(line, style="List Bullet")
    for group in ORDER:
        document.add_heading(t(f"jejak.kelompok.{group}", lang), 2)
        found = _of(rows, group)
        if not found:
            document.add_paragraph(t("insiden.tidak_ada", lang))
            continue
        table = document.add_table(rows=1, cols=len(_COLUMNS), style="Light Grid Accent 1")
        for cell, name in zip(table.rows[0].cells, _COLUMNS, strict=True):
            cell.text = t(f"jejak.kolom.{name}", lang)
        for row in found:
            for cell, said in zip(table.add_row().cells, row, strict=True):
                cell.text = said
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
