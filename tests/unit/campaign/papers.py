"""What tests of documents share: a small plan in a workspace, and ways to read what was written."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, cast

from campaign.documents.registry import SCORES, document_for
from campaign.documents.writers.typeset import TEMPLATES
from campaign.handover.document import DocumentRequest
from campaign.handover.handing_over import hand_over_document
from campaign.handover.lists import TargetList, fingerprint
from campaign.planning.plan import make_plan
from campaign.planning.plan_types import Plan
from campaign.planning.request import PlanRequest
from data.domain.actor import owner
from data.store.store import Store
from data.workspace import Workspace

MADE = dt.date(2026, 11, 20)


def kept_plan(store: Store, workspace: Workspace, *, villages: int = 30, today: dt.date = MADE, **request: Any) -> Plan:
    """A plan made and kept as the command does it, as it comes back from its file."""
    asked = PlanRequest(villages=villages, floor_per_kabupaten=1, explore=0.1, **request)
    plan = make_plan(store, workspace, asked, today=today)
    store.results.save("rencana", plan["version"], plan, "uji")
    made: Plan = json.loads(json.dumps(plan, default=str))
    return made


def kept_variant(store: Store, plan: Plan, **changes: Any) -> Plan:
    """Another plan, kept under its own version, without solving anything again."""
    other = reversioned(cast(Plan, {**plan, **changes}))
    store.results.save("rencana", other["version"], other, "uji")
    return other


def reversioned(plan: Plan) -> Plan:
    """A changed plan with the version that belongs to what it now says."""
    return {**plan, "version": f"{plan['version'][:-8]}{fingerprint(plan)[:8]}"}


def export_list(
    target_list: TargetList,
    path: Path,
    store: Store,
    workspace: Workspace,
    *,
    user: str = "uji",
    lang: str = "id",
    purpose: str = "",
) -> str:
    """A list handed over as `peta-aman export` does it; the file's SHA-256."""
    request = DocumentRequest(lang=lang, purpose=purpose, target_list=target_list)
    return hand_over_document(owner(user), document_for("export", path.name), request, path, store, workspace).sha256


def export_scores(path: Path, store: Store, workspace: Workspace, *, user: str = "uji", **asked: Any) -> int:
    """The score table handed over as `peta-aman scores` does it; how many rows it has."""
    return hand_over_document(owner(user), SCORES, DocumentRequest(**asked), path, store, workspace).rows


def all_text(value: Any) -> str:
    """Every text in plain values, one a line."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "\n".join(all_text(one) for one in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(all_text(one) for one in value)
    return str(value)


def cut_off(template: str, values: dict[str, Any]) -> bool:
    """Whether something did not fit its page even in the smallest letters."""
    import typst

    found = typst.query(
        str(TEMPLATES / f"{template}.typ"),
        "<cut-off>",
        root=str(TEMPLATES),
        ignore_system_fonts=True,
        sys_inputs={"values": json.dumps(values)},
    )
    return bool(json.loads(found))


def docx_text(path: Path) -> str:
    """All text of a Word file: body, tables, headers, footers."""
    from docx import Document

    document = Document(str(path))
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    for section in document.sections:
        parts += [p.text for p in (*section.header.paragraphs, *section.footer.paragraphs)]
    return "\n".join(parts)
