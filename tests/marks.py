"""Markers that tests get by their folder, fixtures and what they are skipped without; which skips CI allows."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

MARKERS = {
    "browser": "drives Chromium",
    "postgres": "runs on a PostgreSQL server",
    "office": "opens documents in LibreOffice or reads them with poppler",
    "demo": "needs the demonstration workspace",
    "real": "reads the published data beside the checkout",
    "command": "runs the command in processes of its own",
    "screen": "runs screens or the server",
    "slow": "takes long for a unit test: fits models, lays out pages, reads many files",
}
FAST = f"not ({' or '.join(MARKERS)})"
"""Tests for the inner loop; see ``tests/run.py --fast``."""

_OF_FOLDER = {"browser": "browser", "screens": "screen", "store": "slow"}
_OF_FIXTURE = {
    "chromium": "browser",
    "postgres": "postgres",
    "demo_workspace": "demo",
    "shared": "real",
    "peta_aman": "command",
}
_OF_REASON = {
    "Chromium is not installed": "browser",
    "PostgreSQL is not installed": "postgres",
    "LibreOffice is not installed": "office",
    "poppler-utils is not installed": "office",
    "the published real data are not beside this checkout": "real",
    "the shared development data is not beside this checkout": "real",
}
ALLOWED_SKIPS = (
    "network namespaces are Linux's",
    "this machine lets no process make a network namespace",
    "processes are killed with SIGKILL here",
    "only HDX writes the prefix",
)
"""Reasons that lie in the platform or in the example itself; any other skip is a test that CI did not run."""


def marks_of(item: pytest.Item) -> set[str]:
    """Names of the markers that follow from where a test stands and what it uses."""
    folders = Path(item.path).parts
    found = {mark for folder, mark in _OF_FOLDER.items() if folder in folders}
    found |= {_OF_FIXTURE[name] for name in getattr(item, "fixturenames", ()) if name in _OF_FIXTURE}
    reasons = (mark.kwargs.get("reason") for mark in item.iter_markers("skipif"))
    found |= {_OF_REASON[reason] for reason in reasons if reason in _OF_REASON}
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    if any(isinstance(value, str) and value == "postgresql" for value in parameters):
        found.add("postgres")
    return found


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """With ``CI`` set, turns a skip into a failure unless its reason is allowed; an expected failure stays one."""
    if not os.environ.get("CI") or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
    if not any(allowed in reason for allowed in ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"{reason} (where CI is set, what cannot run has failed)"


# -- pytest's hooks; ``tests/conftest.py`` registers this module ---------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    for name, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{name}: {meaning}")


@pytest.hookimpl(tryfirst=True)  # before pytest itself chooses by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name in sorted(marks_of(item)):
            item.add_marker(name)
        if any(item.get_closest_marker(name) for name in MARKERS):
            item.add_marker("no_cover")  # pytest-cov's own: see COVERAGE in tests/run.py


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report)
    return report
