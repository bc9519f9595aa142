"""Accounts by command; and no server for others without a sign-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cli
from campaign.access.accounts import add_account, list_accounts
from campaign.access.signing_in import mark_of, sign_in, who
from data.domain.actor import STRANGER, Actor
from data.domain.roles import Role
from data.errors import PetaAmanError, Refused, WrongUse
from data.workspace import Workspace
from pages.door.settings import DoorSettings, allowed_hosts, check_address, loopback, read_settings, within

ROOT = Path(__file__).resolve().parents[3]
Command = Callable[..., tuple[int, dict[str, Any], str]]


def test_an_account_from_first_to_last(peta_aman: Command, demo_copy: Workspace) -> None:
    code, made, said = peta_aman(
        "accounts", "add", "Ani", "--role", "perencana", "--role", "penyelia", "--area", "53.01", workspace=demo_copy
    )
    assert (code, made["outcome"]) == (0, "ok")
    assert made["first_password"] in said
    store = demo_copy.store()
    mark = mark_of(sign_in(STRANGER, store, "ani", made["first_password"]))
    actor = who(store, mark).actor
    assert actor == Actor("ani", "ani", frozenset({Role.PLANNER, Role.SUPERVISOR}), ("53.01",), signed_in=True)
    assert peta_aman("accounts", "disable", "ani", workspace=demo_copy)[1]["active"] is False
    assert who(store, mark) is None, "another process sees it at once"
    code, again, _ = peta_aman("accounts", "reset", "ani", "--role", "admin", workspace=demo_copy)
    assert again["first_password"] != made["first_password"]
    assert sign_in(STRANGER, store, "ani", again["first_password"])
    (listed,) = peta_aman("accounts", "list", workspace=demo_copy)[1]["accounts"]
    assert (listed["akun"], listed["peran"], listed["wilayah"], listed["aktif"]) == ("ani", ["admin"], ["53.01"], True)
    assert set(listed) == {"akun", "nama", "sumber", "peran", "wilayah", "aktif", "sandi_sementara", "totp"}
    acts = store.audit.trail()["act"].tolist()
    assert acts.count("akun.dibuat") == acts.count("akun.ditutup") == acts.count("akun.dibuka") == 1
    store.close()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("add", "ani"), "ACCOUNT_ROLE"),
        (("add", "ani", "--role", "raja"), "UNKNOWN_ROLE"),
        (("add", "a", "--role", "admin"), "ACCOUNT_NAME"),
        (("add", "5301010101010001", "--role", "admin"), "ACCOUNT_NAME"),
        (("add", "ani", "--role", "admin", "--area", "99.01"), "UNKNOWN_AREA"),
        (("add", "ani", "--role", "admin", "--area", "53.01.04"), "UNKNOWN_AREA"),
        (("disable", "tidak-ada"), "ACCOUNT_UNKNOWN"),
        (("reset",), "USAGE"),
    ],
)
def test_what_makes_no_account(
    demo_workspace: Workspace, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], reason: str
) -> None:
    assert cli.main(["accounts", *words, "--workspace", str(demo_workspace.path), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["reason"] == reason


def test_a_name_is_one_account_however_it_is_written(tmp_path: Path) -> None:
    store = Workspace(tmp_path).create().store()
    boss = Actor("B", "b", frozenset({Role.ADMIN}))
    add_account(boss, store, "Ani.Tnomel", roles=["admin"])
    with pytest.raises(WrongUse, match="ACCOUNT_EXISTS"):
        add_account(boss, store, " ani.tnomel ", roles=["admin"])
    with pytest.raises(Refused, match="FORBIDDEN"):
        list_accounts(Actor("A", "a", frozenset(Role) - {Role.ADMIN}), store)
    store.close()


# --- where a server may listen ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "::ffff:127.0.0.1"])
def test_this_computer_is_served_without_sign_in(address: str) -> None:
    check_address(address, DoorSettings())


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", None, "10.1.2.3", "peta.kantor.go.id", "localhost.lain.id"])
def test_any_other_address_needs_sign_in(address: str | None) -> None:
    with pytest.raises(WrongUse, match="SIGN_IN_REQUIRED"):
        check_address(address, DoorSettings())
    check_address(address, DoorSettings(frozenset({"local"})))
    assert not loopback(address)


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (("cli.py", "run", "--host", "0.0.0.0"), {}),
        (("cli.py", "run"), {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}),
        (("app.py", "--host", "::"), {}),
        (("app.py",), {"STREAMLIT_SERVER_ADDRESS": "10.0.0.1", "PETA_AMAN_SIGN_IN": "off"}),
        (("app.py",), {"PETA_AMAN_PUBLIC_URL": "https://peta.contoh.go.id"}),
    ],
)
def test_the_server_does_not_begin(tmp_path: Path, words: tuple[str, ...], variables: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, *words, "--workspace", str(tmp_path / "kerja")],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "masuk akun" in done.stderr
    assert not (tmp_path / "kerja").exists()


FULL = {
    "PETA_AMAN_SIGN_IN": "local, oidc,proxy",
    "PETA_AMAN_PUBLIC_URL": "https://peta.contoh.go.id/",
    "PETA_AMAN_OIDC_ISSUER": "https://sso.contoh.go.id/realms/pemda/",
    "PETA_AMAN_OIDC_CLIENT_ID": "peta",
    "PETA_AMAN_PROXY_PEERS": "127.0.0.1, 10.0.0.0/28",
    "PETA_AMAN_PROXY_SECRET": "dua puluh huruf atau lebih",
}


def test_settings_are_read_whole() -> None:
    settings = read_settings(FULL)
    assert settings.sources == {"local", "oidc", "proxy"}
    assert settings.secure
    assert settings.provider.issuer == "https://sso.contoh.go.id/realms/pemda"
    assert within("10.0.0.15", settings.peers)
    assert within("::ffff:127.0.0.1", settings.peers)
    assert not within("10.0.0.16", settings.peers)
    assert not within("kantor", settings.peers)
    assert not read_settings({}).on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PETA_AMAN_SIGN_IN", "lokal"),
        ("PETA_AMAN_SIGN_IN", ""),
        ("PETA_AMAN_SIGN_IN", "off,local"),
        ("PETA_AMAN_PUBLIC_URL", ""),
        ("PETA_AMAN_PUBLIC_URL", "peta.contoh.go.id"),
        ("PETA_AMAN_OIDC_ISSUER", "ftp://sso"),
        ("PETA_AMAN_OIDC_CLIENT_ID", ""),
        ("PETA_AMAN_PROXY_PEERS", "kantor"),
        ("PETA_AMAN_PROXY_PEERS", ""),
        ("PETA_AMAN_PROXY_SECRET", "pendek"),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_nothing_is_served(name: str, value: str) -> None:
    with pytest.raises(PetaAmanError) as fault:
        read_settings({**FULL, name: value})
    assert (fault.value.reason, fault.value.params["nama"]) == ("SIGN_IN_SETTING", name)
    assert fault.value.exit_code == 2


BEHIND = {"PETA_AMAN_SIGN_IN": "local", "PETA_AMAN_PROXY_PEERS": "127.0.0.1, 10.0.0.5"}


@pytest.mark.parametrize(
    ("variables", "connected", "forwarded", "address"),
    [
        (BEHIND, "127.0.0.1", "192.0.2.7", "192.0.2.7"),
        (BEHIND, "127.0.0.1", "192.0.2.66, 192.0.2.7, 10.0.0.5", "192.0.2.7"),
        (BEHIND, "192.0.2.7", "192.0.2.66", "192.0.2.7"),
        (BEHIND, "127.0.0.1", "", ""),
        ({**FULL, **BEHIND, "PETA_AMAN_SIGN_IN": "local,proxy"}, "127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ({"PETA_AMAN_SIGN_IN": "local"}, "127.0.0.1", "192.0.2.7", ""),
        ({"PETA_AMAN_SIGN_IN": "local"}, "::1", "", ""),
        ({"PETA_AMAN_SIGN_IN": "local"}, "192.0.2.7", "192.0.2.66", "192.0.2.7"),
    ],
)
def test_where_a_person_is_by_one_rule_however_people_sign_in(
    variables: dict[str, str], connected: str, forwarded: str, address: str
) -> None:
    assert read_settings(variables).address(connected, forwarded) == address


def test_proxies_are_read_without_their_word_too() -> None:
    assert read_settings({"PETA_AMAN_SIGN_IN": "local"}).peers == ()
    with pytest.raises(PetaAmanError, match="PROXY_PEERS"):
        read_settings({"PETA_AMAN_SIGN_IN": "local", "PETA_AMAN_PROXY_PEERS": "kantor"})


def test_a_public_address_needs_a_sign_in() -> None:
    with pytest.raises(WrongUse, match="SIGN_IN_REQUIRED"):
        check_address("127.0.0.1", read_settings({"PETA_AMAN_PUBLIC_URL": "https://peta.contoh.go.id"}))
    check_address("127.0.0.1", read_settings({"PETA_AMAN_PUBLIC_URL": "http://localhost:8501"}))
    check_address("0.0.0.0", read_settings(FULL))


HERE = ["127.0.0.1", "localhost"]


@pytest.mark.parametrize(
    ("address", "public", "names"),
    [
        ("127.0.0.1", "", HERE),
        ("::1", "https://peta.contoh.go.id", [*HERE, "peta.contoh.go.id"]),
        ("10.0.0.1", "", [*HERE, "10.0.0.1"]),
        ("0.0.0.0", "https://peta.contoh.go.id:8443/", [*HERE, "peta.contoh.go.id"]),
        ("0.0.0.0", "", []),
        ("::", "", []),
        ("", "", []),
    ],
)
def test_a_server_is_asked_by_the_names_of_its_own_address(address: str, public: str, names: list[str]) -> None:
    assert allowed_hosts(address, read_settings({"PETA_AMAN_PUBLIC_URL": public})) == names


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "rahasia").write_text("dari berkas, dua puluh huruf\n")
    settings = read_settings({**FULL, "PETA_AMAN_PROXY_SECRET_FILE": str(tmp_path / "rahasia")})
    assert settings.gateway.secret == "dari berkas, dua puluh huruf"
