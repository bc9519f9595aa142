"""Public boundaries over a local HTTP server: whole, interrupted, taken up again, tampered with, absent."""

from __future__ import annotations

import csv
import hashlib
import http.server
import json
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from campaign.intake.public import fetch_public_figures
from campaign.office.health import examine_health
from data.domain.actor import owner
from data.errors import Refused, WrongUse
from data.public import PublicFile, PublicSet, fetch, fetch_table, public_boundaries, public_table
from data.workspace import Workspace

Run = Callable[..., tuple[int, dict[str, Any], str]]


class Server:
    """A folder over HTTP with ranges; ``cut`` sends at most so many bytes an answer, then hangs up."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cut, self.ranges, self.status = folder, 0, True, 200
        self.asked: list[tuple[str, str]] = []
        self.sent = 0
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers.get("Range", "")
                server.asked.append((self.path, asked))
                path = server.folder / self.path.lstrip("/")
                if server.status != 200 or not path.is_file():
                    self.send_error(server.status if server.status != 200 else 404)
                    return
                content = path.read_bytes()
                start = int(asked[6:].rstrip("-")) if asked and server.ranges else 0
                self.send_response(206 if start else 200)
                if start:
                    self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
                self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                body = content[start : start + server.cut] if server.cut else content[start:]
                self.wfile.write(body)
                server.sent += len(body)
                self.close_connection = True

            def log_message(self, *words: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def published(tmp_path: Path) -> PublicSet:
    """Three small files as if published, on disk in ``asal/``."""
    chance = random.Random(3)
    files = []
    for name in ("db/kel/98/a_98.01.sql", "db/kel/98/a_98.02.sql", "db/kel/98/a_98.03.sql"):
        path = tmp_path / "asal" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(300_000))
        files.append(PublicFile(name, 300_000, hashlib.sha256(path.read_bytes()).hexdigest()))
    return PublicSet("uji", "uji", "2026-01-01", "https://127.0.0.1:1", tuple(files))


@pytest.fixture
def server(published: PublicSet, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "asal") as running:
        yield running


def arrived(folder: Path, published: PublicSet) -> bool:
    return all(
        hashlib.sha256((folder / file.path).read_bytes()).hexdigest() == file.sha256 for file in published.files
    ) and not list(folder.rglob("*.part"))


def test_all_files_arrive_with_progress_and_once(published: PublicSet, server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    folder = fetch(published, tmp_path / "tiba", server.url, lambda name, done, total: seen.append((done, total)))
    assert arrived(folder, published)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (900_000, 900_000)
    fetch(published, folder, server.url)
    assert len(server.asked) == 3, "what is there already is not fetched again"


def test_an_interrupted_download_goes_on_where_it_stopped(published: PublicSet, server: Server, tmp_path: Path) -> None:
    server.cut = 70_000
    with pytest.raises(Refused) as fault:
        fetch(published, tmp_path / "tiba", server.url)
    assert fault.value.reason == "DOWNLOAD"
    (part,) = (tmp_path / "tiba").rglob("*.part")
    assert part.stat().st_mode & 0o777 == 0o600, "what is under way is its owner's alone too"
    server.cut = 180_000
    fetch(published, tmp_path / "tiba", server.url)
    assert arrived(tmp_path / "tiba", published)
    assert server.sent == 900_000, "no byte came twice"
    assert ("/db/kel/98/a_98.01.sql", "bytes=70000-") in server.asked


def test_a_server_without_ranges_sends_the_file_anew(published: PublicSet, server: Server, tmp_path: Path) -> None:
    part = tmp_path / "tiba" / (published.files[0].path + ".part")
    part.parent.mkdir(parents=True)
    part.write_bytes((tmp_path / "asal" / published.files[0].path).read_bytes()[:1000])
    server.ranges = False
    assert arrived(fetch(published, tmp_path / "tiba", server.url), published)


@pytest.mark.parametrize("rest", [b"x" * 1000, b"x" * 300_000, b"x" * 300_001])
def test_a_wrong_beginning_is_thrown_away(published: PublicSet, server: Server, tmp_path: Path, rest: bytes) -> None:
    part = tmp_path / "tiba" / (published.files[1].path + ".part")
    part.parent.mkdir(parents=True)
    part.write_bytes(rest)
    assert arrived(fetch(published, tmp_path / "tiba", server.url), published)


@pytest.mark.parametrize("change", ["flip", "longer", "shorter", "empty"])
def test_what_is_not_as_published_is_not_kept(
    published: PublicSet, server: Server, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "asal" / published.files[1].path
    content = path.read_bytes()
    changed = {"flip": b"\x00" + content[1:], "longer": content + b"x", "shorter": content[:-1], "empty": b""}
    assert changed["flip"] != content
    path.write_bytes(changed[change])
    with pytest.raises(Refused) as fault:
        fetch(published, tmp_path / "tiba", server.url)
    assert fault.value.reason in ({"CHECKSUM"} if change in ("flip", "longer") else {"CHECKSUM", "DOWNLOAD"})
    assert not (tmp_path / "tiba" / published.files[1].path).exists()


def test_nobody_there_is_told_as_no_internet(published: PublicSet, server: Server, tmp_path: Path) -> None:
    server.stop()
    for url in (server.url, "http://tidak-ada.invalid"):
        with pytest.raises(Refused) as fault:
            fetch(published, tmp_path / "tiba", url)
        assert fault.value.reason == "NO_INTERNET"
        assert fault.value.params["host"] in url


def test_a_server_that_refuses_is_told_with_its_answer(published: PublicSet, server: Server, tmp_path: Path) -> None:
    server.status = 503
    with pytest.raises(Refused) as fault:
        fetch(published, tmp_path / "tiba", server.url)
    assert (fault.value.reason, fault.value.params["status"]) == ("DOWNLOAD", 503)


@pytest.mark.parametrize("url", ["file:///etc", "ftp://h/x", "", "h/x", "http://"])
def test_only_web_addresses_are_taken(published: PublicSet, tmp_path: Path, url: str) -> None:
    with pytest.raises(WrongUse) as fault:
        fetch(published, tmp_path / "tiba", url or "//")
    assert fault.value.reason == "BAD_URL"


def test_the_list_names_the_published_files(shared: Path) -> None:
    listed = public_boundaries("53")
    folder = shared / "boundaries" / listed.name
    assert len(listed.files) == 22
    assert listed.base_url.startswith("https://raw.githubusercontent.com/")
    for file in listed.files:
        content = (folder / file.path).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.bytes, file.sha256)
    for other in ("51", "../53", ""):
        with pytest.raises(WrongUse) as fault:
            public_boundaries(other)
        assert fault.value.reason == "NO_PUBLIC_LIST"


def test_the_command_brings_official_boundaries_in(
    peta_aman: Run, demo_copy: Workspace, shared: Path, tmp_path: Path
) -> None:
    with serving(shared / "boundaries" / "wilayah_boundaries") as server:
        server.cut = 600_000
        code, said = 4, ""
        body: dict[str, Any] = {"reason": "DOWNLOAD"}
        turns = 0
        while code == 4 and body["reason"] == "DOWNLOAD" and turns < 8:
            code, body, said = peta_aman("fetch-public", "--base-url", server.url, workspace=demo_copy)
            turns += 1
            server.cut = 0
        assert (code, body["outcome"], body["committed"]) == (0, "ok", True), body
        assert body["totals"]["poligon"] >= 3350
        assert "100%" in said
        assert (body["figures"]["outcome"], body["figures"]["reason"]) == ("refused", "DOWNLOAD"), "not on that server"
        assert server.sent == sum(file.bytes for file in public_boundaries("53").files), "no byte came twice"
        assert not (demo_copy.path / "unduhan").exists()
        code, again, _ = peta_aman("fetch-public", "--base-url", server.url, workspace=demo_copy)
        assert (code, again["committed"], again["batch"]) == (0, False, body["batch"])
    health = {check.name: check.ok for check in examine_health(demo_copy)}
    assert health["batas"]
    assert health["lapisan"]
    store = demo_copy.store()
    assert store.boundaries.newest("desa").kind == "resmi"
    store.close()


def idm_home(folder: Path, shared: Path) -> bytes:
    """The file as its public home lays it out, made from the same figures: kecamatan with lists of villages."""
    areas: dict[str, list[list[Any]]] = {}
    with (shared / "figures" / "idm2024_ntt_village.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = [float(row[name]) for name in ("idm", "iks", "ike", "ikl")]
            village = [row["kemendagri_code"][-4:], row["name"], *values, 3, 0]
            areas.setdefault(row["kemendagri_code"][:8].replace(".", ""), []).append(village)
    path = folder / "data" / "idm" / "prov" / "53.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"k": "53", "kec": [{"k": kode, "ds": rows} for kode, rows in areas.items()]}))
    return path.read_bytes()


def test_the_development_index_is_believed_by_its_figures(shared: Path, tmp_path: Path) -> None:
    content = idm_home(tmp_path, shared)
    wanted = public_table("53")
    assert wanted is not None
    assert wanted.base_url.startswith("https://raw.githubusercontent.com/")
    assert public_table("51") is None
    with serving(tmp_path) as server:
        seen: list[tuple[int, int]] = []
        table = fetch_table(wanted, server.url, lambda name, done, total: seen.append((done, total)))
        lines = table.decode().splitlines()
        assert (lines[0], len(lines)) == ("Kode Desa;Tahun;IDM;IKS;IKE;IKL", 3138)
        assert seen[-1] == (len(content), len(content))
        server.cut = 60_000
        with pytest.raises(Refused) as fault:
            fetch_table(wanted, server.url)
        assert fault.value.reason == "DOWNLOAD"
        server.cut = 0
        other = content.replace(b"0.621,", b"0.622,", 1)
        for wrong in (other, b"<html>", b"{}", b"[1]", content + b" " * wanted.limit):
            (tmp_path / wanted.path).write_bytes(wrong)
            with pytest.raises(Refused) as fault:
                fetch_table(wanted, server.url)
            assert fault.value.reason == "CHECKSUM"
        (tmp_path / wanted.path).unlink()
        with pytest.raises(Refused) as fault:
            fetch_table(wanted, server.url)
        assert (fault.value.reason, fault.value.params["status"]) == ("DOWNLOAD", 404)
    with pytest.raises(Refused) as fault:
        fetch_table(wanted, server.url)
    assert fault.value.reason == "NO_INTERNET"


def test_the_index_comes_in_once_and_leaves_boundaries_alone(
    shared: Path, demo_copy: Workspace, tmp_path: Path
) -> None:
    idm_home(tmp_path, shared)
    store = demo_copy.store()
    with serving(tmp_path) as server:
        first = fetch_public_figures(owner("ani"), store, demo_copy, base_url=server.url)
        again = fetch_public_figures(owner("ani"), store, demo_copy, base_url=server.url)
        assert first is not None
        assert again is not None
        assert (first.committed, first.rows_ok, again.committed, again.batch) == (True, 3137, False, first.batch)
        (tmp_path / "data" / "idm" / "prov" / "53.json").write_text("{}")
        store.batches.undo(str(first.batch), "ani")
        refused = fetch_public_figures(owner("ani"), store, demo_copy, base_url=server.url)
        assert refused is not None
        assert (refused.outcome, refused.reason) == ("refused", "CHECKSUM")
    store.close()


def test_the_command_without_internet(peta_aman: Run, demo_workspace: Workspace) -> None:
    with serving(Path("/nonexistent")) as server:
        gone = server.url
    code, body, said = peta_aman("fetch-public", "--base-url", gone, workspace=demo_workspace)
    assert (code, body["outcome"], body["reason"]) == (4, "refused", "NO_INTERNET")
    assert "internet" in said
    assert "Traceback" not in said
    assert json.dumps(body)
