"""The evaluation that goes on in the server: one at a time, and once more for a score that came meanwhile."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from campaign.model import scoring
from data.domain.actor import owner
from data.workspace import Workspace
from pages.parts.model import pengujian


def test_a_score_that_comes_while_another_is_tested_is_tested_too(
    demo_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    runs: list[int] = []

    def evaluate_score(*given: Any) -> None:
        runs.append(len(runs))
        begun.set()
        go_on.wait(30)

    monkeypatch.setattr(scoring, "evaluate_score", evaluate_score)
    first = pengujian.begin(owner("uji"), demo_copy)
    assert begun.wait(30)
    assert pengujian.begin(owner("uji"), demo_copy) is first, "one at a time"
    go_on.set()
    assert first.thread is not None
    first.thread.join(30)
    assert (runs, first.stage) == ([0, 1], "done")
    pengujian.put_away(demo_copy)
    assert pengujian.under_way(demo_copy) is None
