"""The server's own routes, without a browser: files, caching, health, headers."""

from __future__ import annotations

import asyncio
import csv
import gzip
import hashlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route

import app
from campaign.maps.layers import MAP_WORDS
from data.workspace import Workspace
from pages.serving import preparation
from pages.serving.hosts import HostCheck

DOCUMENT = '<!DOCTYPE html><html lang="en"><head><title>Streamlit</title><script>var a = 1</script></head></html>'


@dataclass
class Answer:
    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self) -> Any:
        packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.content) if packed else self.content)


class Client:
    """Asks a real server on this machine; paths go out exactly as they are written."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())


async def send_at_once() -> int:
    """What a connection says of `TCP_NODELAY` when its server began after `app._send_at_once`."""
    loop = asyncio.get_running_loop()
    app._send_at_once(loop)
    said: list[int] = []

    class Listens(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            own = transport.get_extra_info("socket")
            said.append(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    with socket.socket() as bound:  # as Streamlit does: no protocol is named
        bound.bind(("127.0.0.1", 0))
        running = await loop.create_server(Listens, sock=bound)
        _, writer = await asyncio.open_connection(*bound.getsockname())
        writer.close()
        await asyncio.sleep(0.05)
        running.close()
    return said[0]


def test_small_answers_do_not_wait_for_an_acknowledgement() -> None:
    with ThreadPoolExecutor(1) as aside:  # the browser of other tests may keep an event loop in this thread
        assert aside.submit(asyncio.run, send_at_once()).result() != 0


def test_bundles_come_packed_for_good_and_only_from_their_folders() -> None:
    script = next((Path(st.__file__).parent / "static" / "static" / "js").glob("index.*.js"))
    packed = app.Packed(Starlette())
    answer = packed._packed(f"/static/js/{script.name}")
    assert answer is not None
    assert gzip.decompress(answer.body) == script.read_bytes()
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    frame = "/component/streamlit_folium.st_folium/static/js"
    assert packed._packed(f"{frame}/none.js") is None
    outside = ("/static/../index.html.js", f"{frame}/../../../__init__.py.js", "/static/js/..%2f.js")
    for path in (*outside, "/aset/peta/map.js"):
        assert packed._packed(path) is None


@contextmanager
def answering(*routes: Route, behind: Sequence[Middleware] = ()) -> Iterator[Client]:
    """Our routes and ``routes`` behind the headers' guard, and what else is in front, on a port of their own."""
    asgi = Starlette(routes=[*app.ROUTES, *routes], middleware=[*behind, Middleware(app.Guard)])
    running = uvicorn.Server(uvicorn.Config(asgi, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield Client(running.servers[0].sockets[0].getsockname()[1])
    running.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    with answering(Route("/ringkasan", lambda request: HTMLResponse(DOCUMENT))) as client:
        yield client


@pytest.fixture
def client(server: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(tmp_path / "kerja"))
    monkeypatch.setattr(preparation, "_progress", preparation.Progress())
    return server


@pytest.fixture
def layers(client: Client) -> Path:
    """A workspace with one map layer file and its packed twin."""
    workspace = Workspace.locate().create()
    body = json.dumps({"type": "Topology", "arcs": [[0, 0]] * 500}).encode()
    (workspace.layers / "peta-0123abcd.topo.json").write_bytes(body)
    (workspace.layers / "peta-0123abcd.topo.json.gz").write_bytes(gzip.compress(body))
    (workspace.path / "peta-aman.db").write_bytes(b"secret")
    return workspace.layers


def test_a_layer_comes_packed_for_good_and_only_once(client: Client, layers: Path) -> None:
    first = client.get("/aset/lapisan/peta-0123abcd.topo.json")
    assert first.status_code == 200
    assert first.headers["content-encoding"] == "gzip"
    assert "immutable" in first.headers["cache-control"]
    assert first.json()["type"] == "Topology"
    again = client.get("/aset/lapisan/peta-0123abcd.topo.json", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_province_of_a_country_has_a_file_of_its_own(client: Client, layers: Path) -> None:
    (layers / "peta-0123abcd.53.topo.json").write_bytes(b"{}")
    answer = client.get("/aset/lapisan/peta-0123abcd.53.topo.json")
    assert (answer.status_code, answer.content) == (200, b"{}")
    assert "immutable" in answer.headers["cache-control"]


def test_a_changed_file_is_not_answered_from_memory(client: Client, layers: Path) -> None:
    address = "/aset/lapisan/peta-0123abcd.names.json"
    for said in (b'{"a": 1}', b'{"a": "longer"}'):
        (layers / "peta-0123abcd.names.json").write_bytes(said)
        assert client.get(address).content == said


def test_a_browser_that_cannot_unpack_gets_plain_bytes(client: Client, layers: Path) -> None:
    plain = client.get("/aset/lapisan/peta-0123abcd.topo.json", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == (layers / "peta-0123abcd.topo.json").read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "lapisan/../peta-aman.db",
        "../app.py",
        "lapisan/..%2fpeta-aman.db",
        "..%2fapp.py",
        "%2e%2e/app.py",
        "/etc/passwd",
        "lapisan/.hidden",
        "lapisan/",
        "lapisan",
        "",
        "vendor",
        "peta/../../app.py",
        "vendor%5c..%5capp.py",
        "%00",
        "lapisan/tidak-ada.json",
    ],
)
def test_nothing_outside_the_two_folders_is_served(client: Client, layers: Path, path: str) -> None:
    answer = client.get(f"/aset/{path}")
    assert answer.status_code == 404
    assert b"secret" not in answer.content


def test_a_link_out_of_the_folder_is_not_followed(client: Client, layers: Path) -> None:
    (layers / "peta-0123abcd.meta.json").symlink_to(layers.parent / "peta-aman.db")
    assert client.get("/aset/lapisan/peta-0123abcd.meta.json").status_code == 404


def test_our_own_script_is_kept_for_good_only_under_its_hash(client: Client) -> None:
    assert "immutable" in client.get("/aset/peta/layer.js?v=1").headers["cache-control"]
    plain = client.get("/aset/peta/layer.js")
    assert plain.headers["cache-control"] == "no-cache"
    assert plain.headers["content-type"].startswith(("text/javascript", "application/javascript"))


def test_what_the_map_runs_comes_as_one_file(client: Client) -> None:
    packed = client.get("/aset/peta.js?v=1")
    assert "immutable" in packed.headers["cache-control"]
    plain = client.get("/aset/peta.js", headers={"Accept-Encoding": "identity"})
    assert plain.headers["cache-control"] == "no-cache"
    assert gzip.decompress(packed.content) == plain.content
    for path in [*app.STATIC.glob("vendor/leaflet*/leaflet.js"), *app.STATIC.glob("peta/*.js")]:
        assert path.read_bytes() in plain.content


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_map_fetches_its_words(client: Client, lang: str) -> None:
    said = client.get(f"/aset/kata/{lang}.json").json()
    assert set(said) == set(MAP_WORDS)
    assert ("bendera" in said["titik"]) == (lang == "id")
    assert client.get("/aset/kata/xx.json").status_code == 404


def test_health_and_readiness_are_two_things(client: Client, layers: Path) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    (Workspace.locate().path / "peta-aman.db").unlink()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["reason"] == "NO_GAZETTEER"


def test_not_ready_without_a_workspace_or_with_a_broken_database(client: Client, tmp_path: Path) -> None:
    assert client.get("/readyz").json()["reason"] == "workspace"
    Workspace.locate().create()
    (Workspace.locate().path / "peta-aman.db").write_bytes(b"this is no database at all, only text" * 50)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "reason": "DATABASE_DAMAGED"}


def test_ready_with_a_whole_workspace(
    client: Client, demo_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PETA_AMAN_WORKSPACE", str(demo_workspace.path))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


def test_the_bare_address_leads_to_the_start_page_with_its_query(client: Client) -> None:
    answer = client.get("/?bahasa=en")
    assert (answer.status_code, answer.headers["location"]) == (307, "ringkasan?bahasa=en")


@pytest.mark.parametrize(("query", "lang"), [("", "id"), ("?bahasa=en", "en"), ("?bahasa=xx", "id")])
def test_the_document_says_its_language_and_allows_only_its_own_scripts(client: Client, query: str, lang: str) -> None:
    answer = client.get(f"/ringkasan{query}", headers={"Accept": "text/html"})
    assert f'<html lang="{lang}">' in answer.text
    assert "<title>Peta Aman</title>" in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'sha256-" in policy
    assert "'unsafe-inline'" not in policy.split("style-src")[0]


@pytest.mark.parametrize("path", ["/healthz", "/aset/peta/layer.js", "/aset/none", "/ringkasan", "/nowhere"])
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]


def test_the_server_stays_on_this_machine_and_tells_nobody() -> None:
    pinned = app.settings()
    assert pinned["server.address"] == "127.0.0.1"
    assert pinned["browser.gatherUsageStats"] is False
    assert pinned["client.showErrorDetails"] == "none"
    assert pinned["server.maxUploadSize"] == 25
    assert pinned["server.enableXsrfProtection"] is True
    assert pinned["server.disconnectedSessionTTL"] <= 30
    assert pinned["client.disableDataExport"] is True


@pytest.fixture(scope="module")
def checked() -> Iterator[Client]:
    """Our routes behind the check of the name they are asked by."""
    from streamlit import config

    before = st.get_option("server.allowedHosts")
    config.set_option("server.allowedHosts", ["127.0.0.1", "localhost", "*.kantor.example"])
    metrics = Route("/_stcore/metrics", lambda request: HTMLResponse("sessions 3"))
    with answering(metrics, behind=[Middleware(HostCheck)]) as client:
        yield client
    config.set_option("server.allowedHosts", before)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/aset/peta.js", "/aset/lapisan/x.json", "/", "/_stcore/x"])
def test_every_route_answers_by_its_own_names_only(checked: Client, path: str) -> None:
    for name in (
        "evil.example",
        "evil.example:8501",
        "127.0.0.1.evil.example",
        "kantor.example.evil",
        "evil:80:80",
        "",
    ):
        assert checked.get(path, {"Host": name}).status_code == 421, name
    for name in ("127.0.0.1", "localhost:8501", "[::1]:8501", "peta.kantor.example", "PETA.Kantor.Example:443"):
        assert checked.get(path, {"Host": name}).status_code != 421, name


def test_metrics_are_closed(checked: Client) -> None:
    assert checked.get("/_stcore/metrics").status_code == 404
    assert checked.get("/_stcore/metrics/").status_code == 404


def test_behind_a_proxy_the_server_also_answers_to_the_name_people_use(monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.settings()["server.allowedHosts"] == ["127.0.0.1", "localhost"]
    monkeypatch.setenv("PETA_AMAN_SIGN_IN", "local")
    monkeypatch.setenv("PETA_AMAN_PUBLIC_URL", "https://peta.contoh.go.id")
    assert app.settings()["server.allowedHosts"] == ["127.0.0.1", "localhost", "peta.contoh.go.id"]


def test_every_setting_is_one_that_streamlit_knows() -> None:
    from streamlit import config

    known = set(config._config_options_template)
    assert set(app.settings()) <= known


def test_an_environment_variable_goes_before_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "50")
    assert "server.maxUploadSize" not in app.settings()
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")
    assert {"server.address", "server.allowedHosts"}.isdisjoint(app.settings())
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "10.0.0.1")
    assert app.settings()["server.allowedHosts"] == ["127.0.0.1", "localhost", "10.0.0.1"]
    monkeypatch.setenv("STREAMLIT_SERVER_ALLOWED_HOSTS", "peta.kantor.example, *.lain.example")
    assert app.settings()["server.allowedHosts"] == ["peta.kantor.example", "*.lain.example"]


def test_vendored_files_are_what_the_list_says() -> None:
    folder = app.STATIC / "vendor"
    with (folder / "vendored.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        path = folder / row["file"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"], path
        assert (path.parent / "LICENSE").is_file()
    listed = {row["file"] for row in rows}
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.suffix in {".js", ".css"}}
    assert there == listed
