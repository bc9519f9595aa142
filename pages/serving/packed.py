"""Streamlit's own bundles and the map frame's, packed once and kept in memory."""

from __future__ import annotations

import gzip
import mimetypes
import re
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.door.answers import SECURITY_HEADERS

PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
FOR_GOOD = "public, max-age=31536000, immutable"


class Packed:
    """Bundles of Streamlit and of the map's frame, packed once each and kept: they are sent plain otherwise, 2.7 MB
    before the first word, and a page asks for a hundred of them. Behind the door alone: each costs no more than a
    look-up.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        frame = find_spec("streamlit_folium")
        assert frame is not None
        self._folders = {
            "/static/": Path(st.__file__).parent / "static" / "static",
            "/component/streamlit_folium.st_folium/static/": Path(str(frame.origin)).parent / "frontend/build/static",
        }
        self._kept: dict[str, Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"].endswith((".js", ".css")):
            headers = Headers(scope=scope)
            if "gzip" in headers.get("accept-encoding", "") and "range" not in headers:
                answer = self._kept.get(scope["path"]) or await run_in_threadpool(self._packed, scope["path"])
                if answer is not None:
                    await answer(scope, receive, send)
                    return
        await self.app(scope, receive, send)

    def _packed(self, path: str) -> Response | None:
        for start, folder in self._folders.items():
            parts = path.removeprefix(start).split("/")
            if path.startswith(start) and all(map(PLAIN_NAME.fullmatch, parts)) and folder.joinpath(*parts).is_file():
                kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
                packing = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding", "Cache-Control": FOR_GOOD}
                body = gzip.compress(folder.joinpath(*parts).read_bytes(), 6)
                self._kept[path] = Response(body, media_type=kind, headers={**packing, **SECURITY_HEADERS})
                return self._kept[path]
        return None
