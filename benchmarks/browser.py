"""Helpers of the browser benchmarks: servers, a fresh Chromium, bytes counted at the protocol, paint by screenshot."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
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
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextlib.contextmanager
def server(
    command: list[str], port: int, health: str, env: dict[str, str] | None = None, cwd: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that answers at ``health`` before the block begins and is gone after it."""
    process = subprocess.Popen(
        command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"http://127.0.0.1:{port}{health}", timeout=5).status == 200:
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended with {process.returncode}")
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{command} did not answer at {health}")
        yield process
    finally:
        process.terminate()
        process.wait(20)


def streamlit(script: Path, port: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
        "--server.address",
        "127.0.0.1",
        "--browser.gatherUsageStats",
        "false",
        "--server.enableStaticServing",
        "true",
    ]


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A Chromium with an empty profile that can reach this machine only."""
    from playwright.sync_api import sync_playwright

    path = next(p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Traffic:
    """Bytes that reached the browser: HTTP as encoded on the wire, WebSocket by payload."""

    def __init__(self, page: Any) -> None:
        self.http = self.websocket = self.requests = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._http)
        session.on("Network.webSocketFrameReceived", self._frame)
        self.session = session

    def _http(self, event: dict[str, Any]) -> None:
        self.http += int(event["encodedDataLength"])
        self.requests += 1

    def _frame(self, event: dict[str, Any]) -> None:
        response = event["response"]
        data = response["payloadData"]
        self.websocket += len(base64.b64decode(data)) if response["opcode"] == 2 else len(data)

    def reset(self) -> None:
        self.http = self.websocket = self.requests = 0


def patch(page: Any, box: dict[str, float]) -> bytes:
    """The pixels of a small rectangle of the page, as PNG bytes, by the protocol itself: quickly."""
    if not hasattr(page, "peta_aman_eye"):
        page.peta_aman_eye = page.context.new_cdp_session(page)
    answer = page.peta_aman_eye.send(
        "Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True, "clip": {**box, "scale": 1}}
    )
    return base64.b64decode(answer["data"])


def heap_mb(page: Any) -> float:
    """Megabytes of JavaScript objects that live on after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.enable")
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def memory_mb(pid: int, field: str = "VmRSS") -> float:
    """Megabytes that a process has in memory; ``VmHWM`` for the most it ever had."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split(f"{field}:")[1].split()[0]) / 1024
