"""A real server in a process of its own, Debian's Chromium with the internet shut, and a record of every request."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from data.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    workspace: Path, ready: str = "/readyz", port: int = 0, environment: dict[str, str] | None = None
) -> Iterator[str]:
    """``app.py`` on a free port; the block begins when ``ready`` answers 200 and ends with the server gone."""
    port = port or free_port()
    log = workspace.parent / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "app.py"), "--port", str(port), "--workspace", str(workspace)],
            cwd=workspace.parent,
            env={**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(900):
                with contextlib.suppress(OSError):
                    if urllib.request.urlopen(address + ready, timeout=5).status == 200:
                        break
                if process.poll() is not None:
                    pytest.fail(f"the server ended at once: {log.read_text()[-2000:]}")
                time.sleep(0.1)
            else:
                pytest.fail(f"the server does not answer at {ready}: {log.read_text()[-2000:]}")
            yield address
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    return serving


@pytest.fixture(scope="session")
def server(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a copy of the demonstration workspace."""
    place = tmp_path_factory.mktemp("served") / "workspace"
    shutil.copytree(demo_workspace.path, place)
    with serving(place) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watch:
    """What a page asked for and was sent: addresses, failures, faults of its scripts, bytes over the websocket."""

    requests: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    received: int = 0


@dataclass
class Tab:
    page: Any
    watch: Watch
    address: str

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}/{path}")

    @property
    def map(self) -> Any:
        return self.page.frame_locator(".st-key-peta iframe")

    def wait_painted(self, after: str | None = None) -> str:
        """Wait for a painted map (a later paint than ``after``); returns its ``data-painted``."""
        root = self.map.locator("html[data-painted]")
        root.wait_for(state="attached", timeout=60_000)
        for _ in range(400):
            painted = root.get_attribute("data-painted")
            if painted != after:
                return painted
            self.page.wait_for_timeout(25)
        pytest.fail("the map was not painted again")

    def quiet(self) -> None:
        """Until the script rests and nothing more arrives; half a second first, for what a widget sends late."""
        app = "document.querySelector('[data-testid=stApp]')"  # none on a page of the door
        rests = f"() => ({app}?.dataset.testScriptState ?? 'notRunning') == 'notRunning'"
        before = -1
        while before != self.watch.received:
            before = self.watch.received
            self.page.wait_for_timeout(600)
            self.page.wait_for_function(rests, timeout=60_000)

    def choose(self, key: str, option: str) -> None:
        self.page.locator(f".st-key-{key} [role=combobox]").first.click()
        self.page.keyboard.type(option[:18])  # a long list is drawn in part only
        self.page.get_by_role("option", name=option, exact=True).first.click()


@pytest.fixture
def new_tab(chromium: Any, server: str) -> Iterator[Callable[..., Tab]]:
    """``new_tab(width, height)`` is a fresh browser profile with everything it does written down."""
    contexts = []

    def make(width: int = 1366, height: int = 768, address: str = server, **options: Any) -> Tab:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page, watch = context.new_page(), Watch()

        def asked(request: Any) -> None:
            watch.requests.append(request.url)
            if not request.url.startswith((address, "data:", "blob:")):
                watch.outside.append(request.url)

        def count(frame: Any) -> None:
            watch.received += len(frame)

        def lost(request: Any) -> bool:
            """Not what the page itself gave up when it drew its map anew."""
            return request.failure != "net::ERR_ABORTED"

        page.on("request", asked)

        def said(message: Any) -> None:
            if message.type == "error" and "Content Security Policy" in message.text:
                watch.faults.append(message.text)

        page.on("console", said)
        page.on("requestfailed", lambda request: watch.failed.append(request.url) if lost(request) else None)
        page.on("pageerror", lambda error: watch.faults.append(str(error)))
        page.on("websocket", lambda socket: socket.on("framereceived", count))
        return Tab(page, watch, address)

    yield make
    for context in contexts:
        context.close()
