"""Signing in through a real OpenID provider, and all that must not be believed of one."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from data.workspace import Workspace
from tests import openid_provider
from tests.audited import audited
from tests.browser.conftest import Tab, free_port, serving
from tests.openid_provider import RunningProvider, running_provider

TABLE = """klaim,nilai,peran,wilayah
groups,peta-perencana,perencana,
groups,peta-data,petugas_data perencana,{wilayah}
"""
NewTab = Callable[..., Tab]


@dataclass
class Office:
    """A server whose people sign in through the provider."""

    address: str
    provider: RunningProvider
    workspace: Workspace

    def audited(self, act: str) -> list[dict[str, Any]]:
        return audited(self.workspace, act)

    def opens(self, page: Any) -> int:
        """What the server says to a request with this browser's cookies."""
        return int(page.request.get(f"{self.address}/aset/ikon.svg").status)


@pytest.fixture(scope="module")
def office(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = openid_provider.installed(tmp_path_factory)
    place = tmp_path_factory.mktemp("openid") / "workspace"
    shutil.copytree(demo_workspace.path, place)
    (place / "peran-klaim.csv").write_text(TABLE, encoding="utf-8")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with running_provider(folder, free_port(), address) as provider:
        settings = {
            "PETA_AMAN_SIGN_IN": "oidc",
            "PETA_AMAN_PUBLIC_URL": address,
            "PETA_AMAN_OIDC_ISSUER": provider.issuer,
            "PETA_AMAN_OIDC_CLIENT_ID": openid_provider.CLIENT,
            "PETA_AMAN_OIDC_CLIENT_SECRET": openid_provider.SECRET,
            "PETA_AMAN_OIDC_SCOPE": "openid profile",
            "PETA_AMAN_OIDC_NAME": "Penyedia Uji",
        }
        with serving(place, port=port, environment=settings):
            yield Office(address, provider, Workspace(place))


@pytest.fixture
def at(office: Office, new_tab: NewTab) -> Iterator[Any]:
    """A browser of its own at the door of the office."""
    tab = new_tab(address=office.address)
    yield tab.page
    office.provider.tell(token=None, skew=0)


def to_provider(office: Office, page: Any, back: str = "tentang") -> None:
    page.goto(f"{office.address}/{back}")
    page.get_by_role("link", name="Masuk lewat Penyedia Uji").click()
    page.wait_for_url(f"{office.provider.issuer}/**")


def name_oneself(page: Any, user: str) -> None:
    page.fill("[name=login]", user)
    page.fill("[name=password]", "apa saja")
    page.click("button[type=submit]")


def sign_in(office: Office, page: Any, user: str) -> None:
    to_provider(office, page)
    name_oneself(page, user)
    page.wait_for_url(f"{office.address}/**")


def named(page: Any) -> str:
    return str(page.locator(".st-key-diri").inner_text(timeout=60_000))


def test_a_person_signs_in_and_is_who_the_provider_says_with_the_roles_of_the_table(office: Office, at: Any) -> None:
    asked: list[dict[str, list[str]]] = []
    at.on("request", lambda r: asked.append(parse_qs(urlsplit(r.url).query)) if "/auth?" in r.url else None)
    sign_in(office, at, "dedi")
    assert "Dedi Data" in named(at)
    assert at.url == f"{office.address}/tentang", "where the person wanted to go"
    (first,) = (one for one in asked if "code_challenge" in one)
    assert first["code_challenge_method"] == ["S256"]
    assert first["response_type"] == ["code"]
    assert len(first["nonce"][0]) > 30
    assert len(first["state"][0]) > 30
    at.click(".st-key-diri button")
    assert "petugas data" in at.locator("[data-testid=stPopoverBody]").inner_text()
    assert "53.01" in at.locator("[data-testid=stPopoverBody]").inner_text()
    kept = next(one for one in at.context.cookies() if one["name"] == "peta_aman_masuk")
    assert kept["httpOnly"]
    assert kept["sameSite"] == "Lax"
    assert {"sumber": "oidc"}.items() <= office.audited("masuk.berhasil")[0].items()


def test_who_has_no_role_stays_out_and_is_told_so(office: Office, at: Any) -> None:
    sign_in(office, at, "tamu")
    assert "belum diberi peran" in at.locator("[role=alert]").inner_text()
    assert office.opens(at) == 401
    assert office.audited("masuk.ditolak")[0]["sebab"] == "SIGN_IN_NO_ROLE"


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_clock_that_differs_a_little_is_no_reason(office: Office, at: Any, seconds: int) -> None:
    office.provider.tell(skew=seconds)
    sign_in(office, at, "rini")
    assert "Rini Perencana" in named(at)


@pytest.mark.parametrize("seconds", [-5400, 600])
def test_a_token_of_another_time_is_refused(office: Office, at: Any, seconds: int) -> None:
    to_provider(office, at)
    office.provider.tell(skew=seconds)
    name_oneself(at, "rini")
    at.wait_for_url(f"{office.address}/**")
    assert "tidak dapat dipercaya" in at.locator("[role=alert]").inner_text()
    assert office.opens(at) == 401


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("forged", "BadSignatureError"),
        ("stranger", "InvalidKeyIdError"),
        ("expired", "ExpiredTokenError"),
        ("unsigned", "UnsupportedAlgorithmError"),
        ("hmac", "UnsupportedAlgorithmError"),
        ("nonce", "nonce"),
        ("audience", "aud"),
        ("issuer", "iss"),
    ],
)
def test_a_token_that_is_not_the_providers_for_us_is_refused(office: Office, at: Any, way: str, why: str) -> None:
    office.provider.tell(token=way)
    sign_in(office, at, "rini")
    assert "tidak dapat dipercaya" in at.locator("[role=alert]").inner_text()
    assert office.opens(at) == 401
    assert any(why in one["sebab"] for one in office.audited("masuk.ditolak")), "told once a minute"


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(office: Office, at: Any, new_tab: NewTab) -> None:
    answers: list[str] = []
    at.on("request", lambda r: answers.append(r.url) if "/masuk/oidc/kembali" in r.url else None)
    to_provider(office, at)
    cookies = at.context.cookies()
    name_oneself(at, "rini")
    at.wait_for_url(f"{office.address}/tentang")
    (answer,) = answers
    assert office.opens(at) == 200

    def refused(page: Any, address: str) -> str:
        assert page.goto(address).status == 401
        return str(office.audited("masuk.ditolak")[0]["sebab"])

    assert refused(at, answer) == "oidc: tujuan", "once more, in the same browser"
    thief = new_tab(address=office.address).page
    assert refused(thief, answer) == "oidc: tujuan", "in another browser"
    thief.context.add_cookies(cookies)
    assert refused(thief, answer) == "oidc: replay", "with everything the first browser had"
    assert office.opens(thief) == 401

    sent: list[str] = []
    thief.on("request", lambda r: sent.append(r.url) if "/auth?" in r.url else None)
    thief.context.clear_cookies()
    to_provider(office, thief)
    state = parse_qs(urlsplit(sent[0]).query)["state"][0]
    code = parse_qs(urlsplit(answer).query)["code"][0]
    again = f"{office.address}/masuk/oidc/kembali?code={code}&state={state}&iss={office.provider.issuer}"
    assert refused(thief, again) == "oidc: code invalid_grant", "an old code in an answer to a new question"
    assert office.opens(thief) == 401


def test_keys_that_change_are_learnt(office: Office, at: Any, new_tab: NewTab) -> None:
    sign_in(office, at, "rini")
    assert office.opens(at) == 200
    office.provider.tell(rotate=True)
    at.wait_for_timeout(5_100)  # so long unknown keys are not asked for again: forged tokens make no traffic
    later = new_tab(address=office.address).page
    sign_in(office, later, "rini")
    assert office.opens(later) == 200


def test_a_provider_that_is_down_is_told_and_comes_back(office: Office, at: Any) -> None:
    to_provider(office, at)
    office.provider.stop()
    answer = at.goto(f"{office.address}/masuk/oidc/kembali?code=x&state=y")
    assert answer.status == 401
    assert at.goto(f"{office.address}/healthz").status == 200
    office.provider.start()
    at.wait_for_timeout(5_100)
    sign_in(office, at, "rini")
    assert office.opens(at) == 200


def test_when_the_provider_ends_its_session_ours_ends_and_the_screen_goes(office: Office, at: Any) -> None:
    sign_in(office, at, "rini")
    named(at)
    aside = at.context.new_page()
    aside.goto(f"{office.provider.issuer}/session/end")
    aside.get_by_role("button", name="Yes").click()
    aside.wait_for_load_state()
    at.get_by_role("link", name="Masuk lewat Penyedia Uji").wait_for(timeout=45_000)
    assert office.opens(at) == 401
    assert "penyedia" in {one["sebab"] for one in office.audited("masuk.selesai")}


def test_signing_out_here_leads_to_the_providers_own_end(office: Office, at: Any) -> None:
    sign_in(office, at, "rini")
    named(at)
    cookies = at.context.cookies()
    at.click(".st-key-diri button")
    at.click(".st-key-keluar button")
    at.wait_for_url(f"{office.provider.issuer}/session/end**")
    at.get_by_role("button", name="Yes").click()
    at.wait_for_url(f"{office.address}/keluar**")
    assert "sudah keluar" in at.locator("h1").inner_text()
    at.context.add_cookies(cookies)
    assert office.opens(at) == 401, "the server ended it, not the browser alone"


def test_a_forged_word_that_a_session_is_over_ends_nothing(office: Office, at: Any) -> None:
    sign_in(office, at, "rini")
    for token in ("", "a.b.c"):
        request = urllib.request.Request(
            f"{office.address}/masuk/oidc/keluar", data=f"logout_token={token}".encode(), method="POST"
        )
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request)
        assert refusal.value.code == 400
    assert office.opens(at) == 200
