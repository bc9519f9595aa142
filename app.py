"""The server of Peta Aman: routes, health, static files, headers, warm-up and the last-resort error page.

``uv run app.py`` starts it; so does ``peta-aman run``. The screens begin in ``pages/start.py``: Streamlit runs any file
of a ``pages/`` folder that lies beside the main script, so the main script lies inside that folder.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import gc
import gzip
import hashlib
import logging
import mimetypes
import os
import re
import socket
import sys
import threading
import time
import tomllib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.maps.context import context, tiles_origin
from campaign.maps.layers import MAP_WORDS
from data.domain.roles import Act
from data.errors import WrongUse
from data.workspace import Workspace
from geo.drawing import webmap
from pages import reading
from pages.door.answers import SECURITY_HEADERS
from pages.door.guard import ACTOR, Door
from pages.door.settings import allowed_hosts, check_address, read_settings
from pages.serving import faults, preparation, readiness
from pages.serving import preload as ahead
from pages.serving.hosts import HostCheck
from pages.serving.packed import FOR_GOOD, PLAIN_NAME, Packed
from words import LANGUAGES, reason_text, t

ROOT = Path(__file__).resolve().parent
STATIC = ROOT / "static"
log = logging.getLogger("peta_aman.server")

# --- static files: /aset/… ------------------------------------------------------------------------------------------
_KEPT_BYTES = 1_000_000
"""Files up to this size are answered from memory."""
_HASHED = re.compile(r"-[0-9a-f]{8,64}\.|-\d+\.\d+\.\d+/")


def _file(path: str) -> Path | None:
    """The file behind an address under ``/aset/``; None for anything that is not a plain file of ours."""
    parts = path.split("/")
    if not all(PLAIN_NAME.fullmatch(part) for part in parts):
        return None
    base = STATIC
    if parts[0] == "lapisan":
        base, parts = Workspace.locate().layers, parts[1:]
        if len(parts) != 1:
            return None
    found = base.joinpath(*parts)
    try:
        inside = found.resolve(strict=True).is_relative_to(base.resolve())
    except OSError:
        return None
    return found if inside and found.is_file() else None


async def asset(request: Request) -> Response:
    """A vendored or generated file, with ETag and, when its name or query carries a version, for good in the cache."""
    path = request.path_params["path"]
    found = _file(path)
    if found is None:
        return Response(status_code=404)
    packed = found.with_name(found.name + ".gz")
    zipped = "gzip" in request.headers.get("accept-encoding", "") and packed.is_file()
    sent = packed if zipped else found
    stat = sent.stat()
    tag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    for_good = bool(_HASHED.search(path)) or "v" in request.query_params
    headers = {"ETag": tag, "Cache-Control": FOR_GOOD if for_good else "no-cache", "Vary": "Accept-Encoding"}
    if tag in [old.strip().removeprefix("W/") for old in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["Content-Encoding"] = "gzip"
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    if stat.st_size > _KEPT_BYTES:
        return FileResponse(sent, media_type=kind, headers=headers)
    return Response(_read(sent, stat.st_mtime_ns), media_type=kind, headers=headers)


@lru_cache(maxsize=32)
def _read(file: Path, changed: int) -> bytes:
    return file.read_bytes()


async def map_script(request: Request) -> Response:
    """The vendored scripts of the map and our own as one file, for good in the cache under its hash."""
    for_good = FOR_GOOD if "v" in request.query_params else "no-cache"
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": for_good}
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(webmap.script(), media_type="text/javascript", headers={"Cache-Control": for_good})
    return Response(_packed_script(), media_type="text/javascript", headers=headers)


@lru_cache(maxsize=1)
def _packed_script() -> bytes:
    return gzip.compress(webmap.script(), 9)


async def map_words(request: Request) -> Response:
    """What the map itself says in one language, as JSON that the browser sets as text."""
    lang = request.path_params["lang"]
    if lang not in LANGUAGES:
        return Response(status_code=404)
    said = {name: t(key, lang) for name, key in MAP_WORDS.items()}
    return JSONResponse(said, headers={"Cache-Control": "max-age=600"})


async def map_context(request: Request) -> Response:
    """Service points, seats, notes and names that lie over the map, under the hash of what they are now; the one with
    marks of the office's notes for who may see its work."""
    actor = request.scope.get(ACTOR)
    notes = actor.may(Act.SEE_WORK) if actor is not None else not read_settings().on

    def known() -> dict[str, bytes]:
        snapshot = reading.snapshot()
        return dict(context(snapshot, notes=marked) for marked in {False, notes})

    content = (await run_in_threadpool(known)).get(request.path_params["version"])
    if content is None:
        return Response(status_code=404)
    return Response(content, media_type="application/json", headers={"Cache-Control": FOR_GOOD})


# --- health -----------------------------------------------------------------------------------------------------------
async def alive(_request: Request) -> Response:
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def ready(request: Request) -> Response:
    """200 when database, files, map layers and scores answer; else 503 with the code of the first reason, which no
    stranger is told: to one, what is known already is enough, at no cost."""
    stranger = bool(request.scope.get("peta_aman_stranger"))
    reason, remark = readiness.known() if stranger else await run_in_threadpool(readiness.not_ready)
    body = {"status": "ready"} if reason is None else {"status": "not ready", "reason": reason}
    body |= {"warning": remark} if remark else {}
    if stranger:
        body = {"status": body["status"]}
    return JSONResponse(body, status_code=200 if reason is None else 503, headers={"Cache-Control": "no-store"})


async def home(request: Request) -> Response:
    """The start page has an address of its own; relative, so that a proxy's prefix keeps."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse("ringkasan" + query, status_code=307, headers={"Cache-Control": "no-cache"})


# --- headers, and the language of the document ---------------------------------------------------------------------
_CSP = (
    "default-src 'self'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob: {tiles}; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_WHERE = (
    'window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href,'
    "HOST_CONFIG:{allowedOrigins:[location.origin],useExternalAuthToken:false}}"
)
"""Streamlit's script looks for its server below the page's own address first, and asks whom to take messages from."""
_INLINE = re.compile(rb"<script>(.*?)</script>", re.S)


class Guard:
    """Security headers on every answer; ``<html lang>`` and title of Streamlit's document as the person reads."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        frame = scope["path"].startswith("/component/")
        held: list[Message] = []

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if not frame and headers.get("content-type", "").startswith("text/html"):
                    held.append(message)
                    return
                # streamlit-folium writes the map script into its own frame and evaluates the payload there.
                scripts, tiles = (" 'unsafe-inline' 'unsafe-eval'", tiles_origin()) if frame else ("", "")
                headers.setdefault("Content-Security-Policy", _CSP.format(scripts=scripts, tiles=tiles))
            elif held:
                held.append(message)
                if not message.get("more_body"):
                    await self._document(scope, held, send)
                return
            await send(message)

        if not frame and "text/html" in Headers(scope=scope).get("accept", ""):
            # The document is rewritten, so it must come unpacked.
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        await self.app(scope, receive, answer)

    @staticmethod
    async def _document(scope: Scope, held: list[Message], send: Send) -> None:
        start, *rest = held
        body = b"".join(message.get("body", b"") for message in rest)
        headers = MutableHeaders(scope=start)
        if scope["method"] != "HEAD" and "content-encoding" not in headers:
            lang = b"en" if b"bahasa=en" in scope.get("query_string", b"") else b"id"
            body = body.replace(b'<html lang="en">', b'<html lang="' + lang + b'">', 1)
            body = body.replace(b"<title>Streamlit</title>", b"<title>Peta Aman</title>", 1)
            body = body.replace(b'href="./favicon.png"', b'href="./aset/ikon.svg" type="image/svg+xml"', 1)
            head = f'<link rel="stylesheet" href="./aset/gaya.css"><script>{_WHERE}</script>'
            if scope["path"].rstrip("/").endswith("/peta") and preparation.progress().stage == "idle":
                head += await run_in_threadpool(_ahead, lang.decode())
            body = body.replace(b"</head>", head.encode() + b"</head>", 1)
            for mark in ("content-length", "etag", "last-modified"):
                if mark in headers:
                    del headers[mark]
            headers["Content-Length"] = str(len(body))
        hashes = (base64.b64encode(hashlib.sha256(text).digest()).decode() for text in _INLINE.findall(body))
        # No eval of ours here; but the map's frame shares this origin and needs it, so to forbid it would guard nothing
        # and would stop the tools that measure the page.
        scripts = "".join(f" 'sha256-{h}'" for h in hashes) + " 'unsafe-eval'"
        headers["Content-Security-Policy"] = _CSP.format(scripts=scripts, tiles="")
        await send(start)
        await send({"type": "http.response.body", "body": body})


def _ahead(lang: str) -> str:
    """What the map page fetches next; a fault here must not cost the page."""
    try:
        return ahead.links(lang)
    except Exception as error:
        faults.note(error)
        return ""


# --- start and stop ---------------------------------------------------------------------------------------------------
_FREEZE_AFTER = (0, 60, 600)
"""Seconds: pages bring in more when they are first opened."""


def _warm_up() -> None:
    """Make the workspace at the first start, then load what every page needs, then take it out of collection.

    Streamlit collects garbage after every rerun; frozen objects are not walked again.
    """
    begun = time.perf_counter()
    try:
        preparation.prepare_if_new(Workspace.locate())
        preparation.load()
    except Exception as error:
        faults.note(error)
        return
    log.info("warm after %.1f s", time.perf_counter() - begun)
    for pause in _FREEZE_AFTER:
        time.sleep(pause)
        gc.collect()
        gc.freeze()


@asynccontextmanager
async def _lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    check_address(st.get_option("server.address"), read_settings())  # however this server was started
    faults.log_to(Workspace.locate())
    address, port = st.get_option("browser.serverAddress"), st.get_option("server.port")
    print(t("app.alamat", alamat=f"http://{address}:{port}"), flush=True)
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    readiness.watch()
    _send_at_once(asyncio.get_running_loop())
    yield {}


def _send_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """Sockets that the server opens from now on do not hold small answers back.

    asyncio asks for that itself only when a socket names its protocol, which Streamlit's does not. Each answer whose
    body follows its head, and each message of a rerun, waits up to 40 ms for the browser's acknowledgement otherwise.
    """
    plain = loop.create_server

    async def create_server(*args: Any, **kwargs: Any) -> Any:
        if (given := kwargs.get("sock")) is not None:
            given.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return await plain(*args, **kwargs)

    with suppress(AttributeError):  # another loop than Python's own may not let itself be changed
        loop.create_server = create_server  # type: ignore[method-assign]


ROUTES = [
    Route("/", home),
    Route("/healthz", alive),
    Route("/readyz", ready),
    Route("/aset/kata/{lang}.json", map_words),
    Route("/aset/konteks/{version}.json", map_context),
    Route("/aset/peta.js", map_script),
    Route("/aset/{path:path}", asset),
]

app = st.App(
    ROOT / "pages" / "start.py",
    routes=ROUTES,
    middleware=[Middleware(HostCheck), Middleware(Door), Middleware(Packed), Middleware(Guard)],
    lifespan=_lifespan,
    on_script_error=faults.show,
)


def settings() -> dict[str, Any]:
    """Our pinned settings as dotted Streamlit options, without those that an environment variable sets."""
    with (ROOT / ".streamlit" / "config.toml").open("rb") as file:
        pairs = dict(_dotted(tomllib.load(file)))
    address = os.environ.get(_variable("server.address"), pairs["server.address"])
    own = {name: value for name, value in pairs.items() if _variable(name) not in os.environ}
    # A page of a stranger that points its own name at this machine gets no session. Streamlit reads no list from the
    # environment when it is started so.
    told = os.environ.get(_variable("server.allowedHosts"), "").replace(",", " ").split()
    hosts = told or allowed_hosts(address, read_settings())
    return {**own, "server.allowedHosts": hosts} if hosts else own


def _dotted(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{above}{name}.")
        else:
            yield above + name, value


def _variable(option: str) -> str:
    return "STREAMLIT_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", option.replace(".", "_")).upper()


def main(port: int | None = None, workspace: Path | str | None = None, host: str | None = None) -> None:
    """Serve until stopped, on 127.0.0.1 unless ``host`` or the environment says otherwise.

    Without ``port`` it is 8501 or, when that is taken, the next free one. Raises `WrongUse`: ``SIGN_IN_REQUIRED`` for
    an address that others reach while nobody signs in, ``SIGN_IN_SETTING``.
    """
    if workspace is not None:
        os.environ["PETA_AMAN_WORKSPACE"] = str(Path(workspace).expanduser().absolute())
    logging.getLogger("peta_aman").setLevel(logging.INFO)
    if host is not None:
        os.environ[_variable("server.address")] = host
    options, door = settings(), read_settings()
    check_address(os.environ.get(_variable("server.address"), options.get("server.address")), door)
    if door.on:
        # Who is connected is told by the connection alone; the door itself knows which proxies to believe.
        os.environ["FORWARDED_ALLOW_IPS"] = ""
    if port is not None:
        options["server.port"] = port
    app.run(config=options)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="app.py")
    parser.add_argument("--port", type=int)
    parser.add_argument("--host", metavar="ADDRESS")
    parser.add_argument("--workspace", type=Path)
    arguments = parser.parse_args()
    try:
        main(arguments.port, arguments.workspace, arguments.host)
    except WrongUse as fault:
        print(reason_text(fault.reason, fault.params), file=sys.stderr)
        sys.exit(fault.exit_code)
