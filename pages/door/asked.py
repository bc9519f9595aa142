"""What a request to the door says: the language, the fields of a form, where to go on."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from starlette.requests import Request

from data.errors import WrongUse

MOST_BYTES = 10_000
_BACK = re.compile(r"[a-z][a-z0-9-]{0,40}(\?[A-Za-z0-9_.~%&=+,:-]{0,600})?")


def language(request: Request) -> str:
    """The language of the address."""
    return "en" if request.query_params.get("bahasa") == "en" else "id"


def safe_back(back: str) -> str:
    """A page of ours to go on to; the start page for anything else."""
    name = back.partition("?")[0]
    return back if _BACK.fullmatch(back) and name not in ("masuk", "keluar") else "ringkasan"


def up(path: str) -> str:
    """From ``path`` to the server's root, relative, so that a proxy's prefix keeps."""
    return "../" * max(path.count("/") - 1, 0) or "./"


async def form(request: Request) -> dict[str, str]:
    """The fields of a small form. Raises `WrongUse` (``TOO_LARGE``)."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise WrongUse("TOO_LARGE", limit=MOST_BYTES)
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in fields.items()}
