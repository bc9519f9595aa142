"""A real OpenID provider for tests: npm's ``oidc-provider``, certified and not ours, in a process of its own."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.once import made_once

HERE = Path(__file__).resolve().parent / "provider"
PACKAGE = "oidc-provider@9.13.3"
MISSING = "npm's oidc-provider cannot be installed"
CLIENT, SECRET = "peta-aman", "rahasia-klien-untuk-uji-saja-0123456789"


def installed(factory: pytest.TempPathFactory) -> Path:
    """A folder in which Node finds the provider; skips where there is no Node, no npm, or nothing to fetch from."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip(MISSING)

    def make(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        words = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), PACKAGE]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            (folder / "galat").write_text(done.stderr[-2000:], encoding="utf-8")
        shutil.copy(HERE / "provider.mjs", folder)

    folder = made_once(factory, "penyedia", make)
    if (folder / "galat").exists():
        pytest.skip(MISSING)
    return folder


class RunningProvider:
    """The provider's process; `tell` changes how it behaves."""

    def __init__(self, folder: Path, port: int, app: str) -> None:
        self.folder, self.port, self.app = folder, port, app
        self.issuer = f"http://127.0.0.1:{port}"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it (again: with other keys and no session left)."""
        self._process = subprocess.Popen(
            [
                "node",
                "provider.mjs",
                str(self.port),
                f"{self.app}/masuk/oidc/kembali",
                f"{self.app}/masuk/oidc/keluar",
                f"{self.app}/keluar",
            ],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "penyedia.log").open("a"),
            text=True,
        )
        self._wait("ready")
        for _ in range(100):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=5)
                return
            time.sleep(0.1)
        pytest.fail("the provider does not answer")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def tell(self, **how: Any) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(how) + "\n")
        self._process.stdin.flush()
        self._wait("ok")

    def _wait(self, word: str) -> None:
        """Until the process says ``word``; it says other things too."""
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.strip() == word:
                return
        pytest.fail("the provider ended")


@contextlib.contextmanager
def running_provider(folder: Path, port: int, app: str) -> Iterator[RunningProvider]:
    provider = RunningProvider(folder, port, app)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
