"""Answers of the door itself: its headers, and pages in plain HTML that need neither Streamlit nor a script."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse

from words import LANGUAGES, t

SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""On every answer of the server."""
_STYLE = """
:root { color-scheme: light dark; --kertas: #f4f5f9; --kartu: #fff; --tinta: #1b2430; --redup: #5b6472;
  --garis: #cdd1dc; --utama: #3f37a0; --di-utama: #fff; --galat: #8a3b00; --galat-latar: #fff4e8; }
@media (prefers-color-scheme: dark) { :root { --kertas: #12161d; --kartu: #1c222c; --tinta: #e8ebf0; --redup: #aab3c0;
  --garis: #465062; --utama: #a9a4f2; --di-utama: #12161d; --galat: #ffc48a; --galat-latar: #33261a; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.25rem; background: var(--kertas);
  color: var(--tinta); font: 1rem/1.5 "Source Sans 3", "Segoe UI", system-ui, sans-serif; }
main { width: 100%; max-width: 25rem; background: var(--kartu); border: 1px solid var(--garis); border-radius: 10px;
  padding: 1.75rem; }
header { display: flex; align-items: center; gap: .7rem; margin-bottom: 1.1rem; }
header img { width: 2.2rem; height: 2.2rem; }
header b { font-size: 1.15rem; flex: 1; }
header a { font-size: .85rem; }
h1 { font-size: 1.45rem; line-height: 1.25; margin: 0 0 .35rem; }
p { margin: 0 0 1rem; color: var(--redup); }
label { display: block; font-weight: 600; font-size: .92rem; margin-bottom: .9rem; }
input { display: block; width: 100%; margin-top: .25rem; padding: .6rem .7rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--redup); border-radius: 6px; }
button, .tombol { display: block; width: 100%; padding: .65rem; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; color: var(--di-utama); background: var(--utama); border: 1px solid var(--utama);
  border-radius: 6px; cursor: pointer; margin-top: .4rem; }
.tombol.lain, button.lain { color: var(--utama); background: transparent; }
a { color: var(--utama); }
:focus-visible { outline: 3px solid var(--utama); outline-offset: 2px; }
.galat { color: var(--galat); background: var(--galat-latar); border: 1px solid currentColor; border-radius: 6px;
  padding: .6rem .75rem; }
.atau { text-align: center; margin: .9rem 0 .5rem; font-size: .9rem; }
.catatan { font-size: .88rem; margin: 1.1rem 0 0; }
.kode { display: block; width: 11rem; height: 11rem; margin: 0 auto 1rem; padding: .5rem; background: #fff;
  border-radius: 6px; }
code { overflow-wrap: anywhere; color: var(--tinta); }
"""
_CSP = (
    "default-src 'none'; style-src 'sha256-{style}'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ICON = Path(__file__).resolve().parents[2] / "static" / "ikon.svg"


def page(
    title: str, body: str, lang: str, *, other: str = "", status: int = 200, headers: dict[str, str] | None = None
) -> HTMLResponse:
    """A page of the door: ``body`` is HTML in which every text was escaped; ``other`` the address in the other
    language."""
    switch = ""
    if other:
        second = next(one for one in LANGUAGES if one != lang)
        switch = f'<a href="{escape(other)}" lang="{second}" hreflang="{second}">{second.upper()}</a>'
    content = (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<title>{escape(title)} · Peta Aman</title><link rel="icon" href="{_icon()}"><style>{_STYLE}</style></head>'
        f'<body><main><header><img src="{_icon()}" alt=""><b>{t("app.nama", lang)}</b>{switch}</header>'
        f"<h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    own = {"Content-Security-Policy": _CSP.format(style=digest), "Cache-Control": "no-store"}
    return HTMLResponse(content, status_code=status, headers={**SECURITY_HEADERS, **own, **(headers or {})})


def field(label: str, name: str, kind: str = "text", *, auto: str = "off", value: str = "", needed: bool = True) -> str:
    """A labelled field."""
    more = ' inputmode="numeric" maxlength="9"' if auto == "one-time-code" else ' maxlength="200"'
    more += " required" if needed else ""
    more += ' autocapitalize="none" spellcheck="false"' if name == "akun" else ""
    return (
        f'<label>{escape(label)}<input name="{name}" type="{kind}" autocomplete="{auto}" '
        f'value="{escape(value)}"{more}></label>'
    )


def notice(text: str) -> str:
    """What went wrong, said also to who does not see it."""
    return f'<p class="galat" role="alert">{escape(text)}</p>' if text else ""


@cache
def _icon() -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(ICON.read_bytes()).decode()
