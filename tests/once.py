"""Folders that cost much to make: made by the first worker that asks, for the whole run, and copied by every worker."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """This worker's own copy of a folder that ``make(folder)`` made once; the folder is not there when it is called."""
    run = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent  # workers have folders of their own side by side in the run's
    original = run / f"once-{name}"
    with FileLock(run / f"once-{name}.lock"):
        if not original.exists():
            building = run / f"once-{name}-building"
            shutil.rmtree(building, ignore_errors=True)  # left by a worker that failed: the next one tries again
            make(building)
            building.rename(original)
    copy = factory.mktemp(name) / name
    shutil.copytree(original, copy)
    return copy
