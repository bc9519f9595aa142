"""The door of a running server: who is turned away, from what, and how soon a sign-in that ended is over."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from campaign.access.accounts import add_account
from campaign.access.signing_in import change_password, mark_of, sign_in, who
from data.domain.actor import STRANGER, owner
from data.workspace import Workspace
from tests.audited import audited
from tests.browser.conftest import ROOT, Tab, serving

SECRET = "rahasia-bersama-proksi-kantor"
PASSWORD = "kuda laut biru 77"
PEOPLE = {"ani": ("perencana", "53.01"), "budi": ("perencana", ""), "bos": ("admin", ""), "cici": ("perencana", "")}
TABLE = "klaim,nilai,peran,wilayah\ngroups,perencanaan,perencana,53.01\n"
NewTab = Callable[..., Tab]


@dataclass
class Office:
    """A server with local accounts, and a proxy that may vouch for people."""

    address: str
    workspace: Workspace

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body=body or None, headers=named)
        return connection.getresponse()

    def cookie(self, name: str) -> str:
        """What a browser holds after signing in."""
        form = urlencode({"akun": name, "sandi": PASSWORD})
        answer = self.ask("/masuk", "POST", form, Content_Type="application/x-www-form-urlencoded")
        assert answer.status == 303, answer.read()
        return str(answer.headers["set-cookie"]).partition(";")[0]

    def audited(self, act: str) -> list[dict[str, Any]]:
        return audited(self.workspace, act)

    def command(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, str(ROOT / "cli.py"), *words, "--workspace", str(self.workspace.path)],
            check=True,
            capture_output=True,
            timeout=120,
        )


@pytest.fixture(scope="module")
def office(demo_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    place = tmp_path_factory.mktemp("pintu") / "workspace"
    shutil.copytree(demo_workspace.path, place)
    (place / "peran-klaim.csv").write_text(TABLE, encoding="utf-8")
    workspace = Workspace(place)
    store = workspace.store()
    for name, (role, area) in PEOPLE.items():
        first = add_account(owner("Uji"), store, name, roles=[role], areas=[area] if area else [], called=name.title())
        mark = mark_of(sign_in(STRANGER, store, name, first))
        signed = who(store, mark)
        assert signed is not None
        change_password(signed.actor, store, mark, first, PASSWORD)
    store.close()
    settings = {
        "PETA_AMAN_SIGN_IN": "local,proxy",
        "PETA_AMAN_PROXY_PEERS": "127.0.0.1",
        "PETA_AMAN_PROXY_SECRET": SECRET,
    }
    with serving(place, environment=settings) as address:
        yield Office(address, workspace)


# --- strangers --------------------------------------------------------------------------------------------------------

PATHS = (
    "/",
    "/peta",
    "/data-masuk?bahasa=en",
    "/akun",
    "/nowhere",
    "/aset/peta.js",
    "/aset/ikon.svg",
    "/aset/kata/id.json",
    "/aset/lapisan/peta-0123abcd.topo.json",
    "/aset/konteks/x.json",
    "/static/js/index.js",
    "/component/streamlit_folium.st_folium/index.html",
    "/media/0123.csv",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/agent/schema",
    "/_stcore/upload_file/a/b",
    "/masuk/sandi",
    "/masuk/kode",
    "/auth/login",
    "//healthz",
    "/healthz/../peta",
    "/masuk/../peta",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_gets_nothing_but_the_way_in(office: Office, path: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = office.ask(path, method)
        assert answer.status in ((401, 405) if path.startswith("/masuk/") else (401,)), method
        assert b"Streamlit" not in answer.read()
    shown = office.ask(path, Accept="text/html")
    assert shown.status == 401
    text = shown.read().decode()
    assert 'name="sandi"' in text
    assert "<script" not in text
    assert "frame-ancestors 'none'" in str(shown.headers["content-security-policy"])


def test_every_layer_of_the_map_is_behind_the_door(office: Office, insider: str) -> None:
    layers = sorted(path.name for path in office.workspace.layers.iterdir())
    assert layers
    for name in layers:
        assert office.ask(f"/aset/lapisan/{name}").status == 401
        assert office.ask(f"/aset/lapisan/{name}", Cookie=insider).status == 200


@pytest.fixture(scope="module")
def insider(office: Office) -> str:
    """The cookie of somebody who is in."""
    return office.cookie("budi")


def test_health_tells_a_stranger_up_or_down_and_no_more(office: Office, insider: str) -> None:
    assert json.load(office.ask("/healthz")) == {"status": "ok"}
    database = office.workspace.path / "lapisan"
    aside = office.workspace.path / "lapisan-di-samping"
    database.rename(aside)
    database.mkdir()
    try:
        assert json.load(office.ask("/readyz", Cookie=insider))["reason"] == "layers"
        answer = office.ask("/readyz")
        assert (answer.status, json.load(answer)) == (503, {"status": "not ready"})
    finally:
        database.rmdir()
        aside.rename(database)
    assert office.ask("/readyz", Cookie=insider).status == 200
    assert json.load(office.ask("/readyz")) == {"status": "ready"}


@pytest.mark.parametrize("cookie", ["", "peta_aman_masuk=", "peta_aman_masuk=abc", "peta_aman_masuk=a.b", "x=1"])
def test_a_connection_needs_a_sign_in(office: Office, cookie: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        connect(f"ws://{office.host}/_stcore/stream", additional_headers={"Cookie": cookie})
    assert refusal.value.response.status_code == 401


def test_a_cookie_that_was_changed_opens_nothing(office: Office, insider: str) -> None:
    assert office.ask("/aset/ikon.svg", Cookie=insider).status == 200
    for other in (insider[:-2] + ("A" if insider[-2] != "A" else "B") + insider[-1], insider.rpartition(".")[0]):
        assert office.ask("/aset/ikon.svg", Cookie=other).status == 401


def test_a_form_of_another_site_signs_nobody_in(office: Office) -> None:
    form = urlencode({"akun": "ani", "sandi": PASSWORD})
    kind = "application/x-www-form-urlencoded"
    for headers in ({"Origin": "https://lain.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
        answer = office.ask("/masuk", "POST", form, Content_Type=kind, **headers)
        assert answer.status == 403
        assert "set-cookie" not in answer.headers
    assert office.ask("/masuk", "POST", form, Content_Type=kind, Origin=office.address).status == 303
    assert office.ask("/masuk", "POST", "akun=" + "a" * 20_000, Content_Type=kind).status != 303


@pytest.mark.parametrize(
    "back", ["https://lain.example", "//lain.example", "peta\\..", "/peta", "masuk", "javascript:x"]
)
def test_signing_in_leads_to_a_page_of_ours_only(office: Office, back: str) -> None:
    form = urlencode({"akun": "budi", "sandi": PASSWORD, "ke": back})
    answer = office.ask("/masuk", "POST", form, Content_Type="application/x-www-form-urlencoded")
    assert (answer.status, answer.headers["location"]) == (303, "./ringkasan")


# --- one another's sessions -------------------------------------------------------------------------------------------


def opened(office: Office, cookie: str, session: str = "") -> tuple[ClientConnection, str]:
    """A connection as Streamlit's own page makes it, after the first run; and the session it was given."""
    wanted = ["streamlit", "x", session] if session else ["streamlit", "x"]
    line = connect(
        f"ws://{office.host}/_stcore/stream",
        additional_headers={"Cookie": cookie},
        subprotocols=wanted,  # type: ignore[arg-type]
        max_size=None,
    )
    rerun(line)
    while True:
        message = heard(line, 60)
        if message.new_session.initialize.session_id:
            return line, message.new_session.initialize.session_id


def heard(line: ClientConnection, seconds: float = 60) -> ForwardMsg:
    content = line.recv(timeout=seconds)
    assert isinstance(content, bytes)
    return ForwardMsg.FromString(content)


def rerun(line: ClientConnection) -> None:
    message = BackMsg()
    message.rerun_script.page_name = "tentang"
    line.send(message.SerializeToString())


def ended(line: ClientConnection, seconds: float) -> list[str]:
    """What still came until the connection was closed; fails where it stays open."""
    kinds, until = [], time.monotonic() + seconds
    with suppress(ConnectionClosed):
        while True:
            kinds.append(str(heard(line, until - time.monotonic()).WhichOneof("type")))
    return kinds


def test_nobody_takes_over_anothers_session(office: Office) -> None:
    ani, budi = office.cookie("ani"), office.cookie("budi")
    line, session = opened(office, ani)
    line.close()
    time.sleep(0.5)
    thief, other = opened(office, budi, session)
    assert other != session
    thief.close()
    again, second = opened(office, office.cookie("ani"), session)
    assert second != session, "not even another sign-in of the same account"
    again.close()
    own, same = opened(office, ani, session)
    assert same == session, "a broken line takes up its own session again"
    own.close()


def test_nobody_uploads_into_anothers_session(office: Office) -> None:
    ani, budi = office.cookie("ani"), office.cookie("budi")
    line, session = opened(office, ani)
    path = f"/_stcore/upload_file/{session}/berkas"
    assert office.ask(path, "PUT", "x", Cookie=budi).status == 403
    assert office.ask(path, "DELETE", Cookie=budi).status == 403
    assert office.ask("/_stcore/upload_file/tidak-dikenal/berkas", "PUT", "x", Cookie=ani).status == 403
    assert office.ask(path, "PUT", "x", Cookie=ani).status != 401
    line.close()


def test_metrics_are_closed_to_an_admin_too(office: Office) -> None:
    assert office.ask("/_stcore/metrics").status == 404
    assert office.ask("/_stcore/metrics", Cookie=office.cookie("bos")).status == 404


def test_a_download_is_for_whom_it_was_made(office: Office, new_tab: NewTab) -> None:
    tab = new_tab(address=office.address, accept_downloads=True)
    enter(tab, "ani", "sasaran")
    tab.quiet()
    tab.page.locator(".st-key-tujuan_unduh [role=combobox]").click()
    tab.page.get_by_role("option", name="koordinasi antarinstansi").click()
    tab.quiet()
    with tab.page.expect_download(timeout=120_000) as begun:
        tab.page.get_by_role("button", name=re.compile("Unduh")).click()
    asked = {urlsplit(url).path for url in tab.watch.requests}
    files = {path for path in asked if path.startswith("/media/") and not path.endswith(".svg")}
    own = "; ".join(f"{one['name']}={one['value']}" for one in tab.page.context.cookies())
    other = office.cookie("budi")
    assert begun.value.path().stat().st_size > 100
    assert files
    for path in files:
        assert office.ask(path, Cookie=own).status == 200
        assert office.ask(path, Cookie=other).status == 403, "somebody else who is in"
        assert office.ask(path).status == 401


# --- a sign-in that ended is over -------------------------------------------------------------------------------------


def test_after_signing_out_elsewhere_the_next_rerun_is_not_run(office: Office) -> None:
    cookie = office.cookie("ani")
    line, _ = opened(office, cookie)
    while heard(line, 60).WhichOneof("type") != "script_finished":
        pass
    assert office.ask("/keluar", "POST", Cookie=cookie).status == 200
    rerun(line)
    came = ended(line, 30)
    assert came[-1] == "auth_redirect"
    assert not {"new_session", "delta"} & set(came)
    assert office.ask("/aset/ikon.svg", Cookie=cookie).status == 401


def test_a_shut_account_is_out_within_a_minute_without_touching_anything(office: Office) -> None:
    line, _ = opened(office, office.cookie("cici"))
    office.command("accounts", "disable", "cici")
    assert ended(line, 60)[-1] == "auth_redirect"
    assert {"akun": "cici", "aktif": False} in office.audited("akun.ditutup")


def test_a_first_password_opens_only_the_page_to_change_it(office: Office) -> None:
    store = office.workspace.store()
    first = add_account(owner("Uji"), store, "baru", roles=["perencana"])
    store.close()
    form = urlencode({"akun": "baru", "sandi": first})
    answer = office.ask("/masuk", "POST", form, Content_Type="application/x-www-form-urlencoded")
    cookie = str(answer.headers["set-cookie"]).partition(";")[0]
    assert office.ask("/aset/peta.js", Cookie=cookie).status == 403
    shown = office.ask("/peta", Cookie=cookie, Accept="text/html")
    assert (shown.status, shown.headers["location"]) == (303, "./masuk/sandi")
    with pytest.raises(InvalidStatus):
        connect(f"ws://{office.host}/_stcore/stream", additional_headers={"Cookie": cookie})


# --- a proxy's word ---------------------------------------------------------------------------------------------------


def test_the_proxy_says_who_somebody_is(office: Office) -> None:
    vouched = {"X_Forwarded_User": "wati", "X_Forwarded_Groups": "lain, perencanaan", "X_Peta_Aman_Rahasia": SECRET}
    assert office.ask("/aset/ikon.svg", **vouched).status == 200
    store = office.workspace.store()
    account = store.accounts.get("wati")
    store.close()
    assert (account.sumber, account.peran, account.wilayah) == ("proxy", "perencana", "53.01")
    assert office.ask("/aset/ikon.svg", **{**vouched, "X_Forwarded_Groups": "lain"}).status == 401


@pytest.mark.parametrize("secret", ["", "rahasia-lain-yang-sama-panjangnya", SECRET + "x"])
def test_a_forged_header_is_refused_even_for_who_is_in_and_recorded(office: Office, insider: str, secret: str) -> None:
    forged = {"X_Forwarded_User": "bos", "X_Peta_Aman_Rahasia": secret}
    answer = office.ask("/aset/ikon.svg", **forged)
    assert answer.status == 403
    assert office.ask("/aset/ikon.svg", Cookie=insider, **forged).status == 403
    headers = {name.replace("_", "-"): value for name, value in forged.items()}
    with pytest.raises(InvalidStatus) as refusal:
        connect(f"ws://{office.host}/_stcore/stream", additional_headers=headers)
    assert refusal.value.response.status_code == 403
    assert any(one["sebab"] == "proksi: rahasia" for one in office.audited("masuk.ditolak"))


def test_nobody_says_to_the_pages_who_he_is_but_the_door(office: Office) -> None:
    cookie = office.cookie("bos")
    mark = mark_of(cookie.partition("=")[2].rpartition(".")[0])
    assert office.ask("/aset/ikon.svg", X_Peta_Aman_Masuk=mark).status == 401


# --- in the browser ---------------------------------------------------------------------------------------------------


def enter(tab: Tab, name: str, page: str = "tentang") -> None:
    tab.open(page)
    tab.page.fill("[name=akun]", name)
    tab.page.fill("[name=sandi]", PASSWORD)
    tab.page.click("main button")
    tab.page.locator(".st-key-diri").wait_for(timeout=60_000)


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_page_to_sign_in_fits_and_needs_nothing_from_anywhere(
    office: Office, new_tab: NewTab, width: int, height: int
) -> None:
    tab = new_tab(width, height, address=office.address, java_script_enabled=False)
    tab.open("peta?bahasa=id")
    page = tab.page
    assert page.locator("h1").inner_text() == "Masuk"
    assert tab.watch.outside == []
    assert tab.watch.faults == []
    box = page.locator("main").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= height
    labels = page.locator("label").all_inner_texts()
    assert [label.strip() for label in labels] == ["Nama akun", "Kata sandi", "Kode 6 angka (bila dipasang)"]
    page.get_by_role("link", name="EN").click()
    assert page.locator("h1").inner_text() == "Sign in"
    page.fill("[name=akun]", "ani")
    page.fill("[name=sandi]", "salah salah salah")
    page.click("main button")
    assert page.locator("[role=alert]").inner_text() == "Account, password or code do not match."
    assert page.input_value("[name=akun]") == "ani"
    page.fill("[name=sandi]", PASSWORD)
    page.click("main button")
    assert page.url == f"{office.address}/peta?bahasa=id", "back to where one wanted to go"


def test_a_person_signs_in_works_and_leaves(office: Office, new_tab: NewTab) -> None:
    tab = new_tab(address=office.address)
    enter(tab, "ani")
    assert "Ani" in tab.page.locator(".st-key-diri").inner_text()
    assert tab.page.get_by_role("link", name="Akun").count() == 0
    cookies = tab.page.context.cookies()
    tab.page.click(".st-key-diri button")
    tab.page.click(".st-key-keluar button")
    tab.page.wait_for_url("**/keluar**")
    tab.page.get_by_role("link", name="Masuk lagi").click()
    tab.page.context.add_cookies(cookies)
    tab.open("tentang")
    assert tab.page.locator("h1").inner_text() == "Masuk"


def test_a_note_bears_the_name_of_the_account(office: Office, new_tab: NewTab) -> None:
    tab = new_tab(address=office.address)
    enter(tab, "ani", "desa?kode=53.01.04.2003")
    box = tab.page.locator(".st-key-catatan_teks textarea")
    box.wait_for(timeout=60_000)
    assert tab.page.locator(".st-key-catatan_nama").count() == 0, "nobody is asked for a name"
    box.fill("Balai desa dipugar sampai Maret")
    box.blur()
    tab.page.locator(".st-key-simpan_catatan button, .st-key-tulis_catatan button").last.click()
    tab.page.get_by_text(re.compile("Balai desa dipugar")).last.wait_for(timeout=60_000)
    store = office.workspace.store()
    try:
        assert [note.oleh for note in store.notes.all() if "dipugar" in note.teks] == ["Ani"]
        assert store.audit.trail().query("act == 'catatan.ditulis'")["user"].iloc[0] in ("Ani", "ani")
    finally:
        store.close()


def test_an_admin_makes_an_account_and_sees_its_first_password_once(office: Office, new_tab: NewTab) -> None:
    tab = new_tab(address=office.address)
    enter(tab, "bos", "akun")
    page = tab.page
    page.get_by_text("Akun baru").click()
    page.locator(".st-key-akun_nama input").fill("dewi")
    page.locator(".st-key-akun_sebutan input").fill("Dewi Data")
    page.keyboard.press("Tab")
    tab.quiet()  # a list that is open closes when the page is drawn again
    page.locator(".st-key-akun_peran input").click()
    page.get_by_role("option", name="petugas data").click()
    page.keyboard.press("Escape")
    page.locator(".st-key-buat_akun button").click()
    first = page.locator(".st-key-sandi_pertama code").inner_text(timeout=60_000).strip()
    assert re.fullmatch(r"[a-z]{4}(-[a-z]{4}){4}", first)
    page.get_by_text("Dewi Data (dewi)").wait_for()
    store = office.workspace.store()
    try:
        assert sign_in(STRANGER, store, "dewi", first)
    finally:
        store.close()
    page.reload()
    page.get_by_text("Dewi Data (dewi)").wait_for(timeout=60_000)
    assert page.locator(".st-key-sandi_pertama").count() == 0
