"""What the audit of a workspace says, for tests."""

from __future__ import annotations

import json
from typing import Any

from data.workspace import Workspace


def audited(workspace: Workspace, act: str) -> list[dict[str, Any]]:
    """What the rows of one kind of act hold, the newest first."""
    store = workspace.store()
    try:
        trail = store.audit.trail()
        return [json.loads(text) for text in trail.loc[trail["act"] == act, "what_json"]]
    finally:
        store.close()
