"""What a provider says or does not say, with one that is small, real and on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from campaign.access.signing_in import mark_of, sign_in_by, who
from data.domain.actor import STRANGER
from data.errors import Refused
from pages.door import openid
from pages.door.openid import LOGOUT_EVENT, OpenID, Untrusted
from pages.door.settings import read_settings
from tests.screens.door_kit import PAGE, Place, ask

PUBLIC = "https://peta.contoh.go.id"


class SmallProvider:
    """Describes itself, shows its key, and counts what it is asked; ``down``: it answers 500."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "satu", "use": "sig"})
        self.asked: Counter[str] = Counter()
        self.down = False
        whole = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                whole.asked[self.path] += 1
                issuer = whole.issuer
                known = {
                    "/.well-known/openid-configuration": {
                        "issuer": issuer,
                        "authorization_endpoint": f"{issuer}/auth",
                        "jwks_uri": f"{issuer}/jwks",
                    },
                    "/jwks": {"keys": [whole.key.as_dict(private=False)]},
                }
                body = json.dumps(known.get(self.path, {})).encode()
                self.send_response(500 if whole.down else 200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def settings(self) -> dict[str, str]:
        return {
            "PETA_AMAN_SIGN_IN": "oidc",
            "PETA_AMAN_PUBLIC_URL": PUBLIC,
            "PETA_AMAN_OIDC_ISSUER": self.issuer,
            "PETA_AMAN_OIDC_CLIENT_ID": "peta",
        }

    def logout_token(self, subject: str, session: str) -> str:
        claims = {
            "iss": self.issuer,
            "aud": "peta",
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
            "jti": f"j-{subject}-{session}",
            "sub": subject,
            "sid": session,
            "events": {LOGOUT_EVENT: {}},
        }
        return jwt.encode({"alg": "RS256", "kid": "satu"}, claims, self.key)


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    small = SmallProvider()
    yield small
    small.server.shutdown()
    small.server.server_close()


def client_of(provider: SmallProvider) -> OpenID:
    settings = read_settings(provider.settings())
    assert settings.provider is not None
    return OpenID(settings.provider, settings.public_url)


def test_a_provider_that_is_down_is_not_asked_by_everybody(
    provider: SmallProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(provider)
    provider.down = True
    for _ in range(5):
        with pytest.raises(Refused, match="SIGN_IN_PROVIDER"):
            client.begin("peta")
    assert provider.asked.total() == 1
    provider.down = False
    with pytest.raises(Refused, match="SIGN_IN_PROVIDER"):
        client.begin("peta")
    monkeypatch.setattr(openid, "ASKED_AGAIN", 0.0)
    assert client.begin("peta")[0].startswith(f"{provider.issuer}/auth?")


def test_an_answer_of_other_letters_is_an_answer_that_is_not_believed(provider: SmallProvider) -> None:
    client = client_of(provider)
    _, errand = client.begin("peta")
    with pytest.raises(Untrusted) as fault:
        client.finish({"state": "é" + errand["state"][1:]}, errand)
    assert fault.value.why == "state"


@pytest.mark.parametrize(("said", "told"), [("access_denied", "error access_denied"), ("Ani Tnomel 0812", "error")])
def test_no_text_of_a_stranger_comes_into_the_audit(provider: SmallProvider, said: str, told: str) -> None:
    client = client_of(provider)
    _, errand = client.begin("peta")
    with pytest.raises(Untrusted) as fault:
        client.finish({"state": errand["state"], "error": said}, errand)
    assert fault.value.why == told


def test_a_providers_word_is_spent_only_when_its_session_ended(
    provider: SmallProvider, made: Callable[..., Place]
) -> None:
    place = made(**provider.settings())
    marks = {
        sid: mark_of(
            sign_in_by(STRANGER, place.store, "oidc", "s1", "rini", "Rini", roles=["perencana"], areas=[], sid=sid)
        )
        for sid in ("a", "b", "")
    }
    form = urlencode({"logout_token": provider.logout_token("s1", "a")})
    with place.busy():
        assert ask(place.door, "/masuk/oidc/keluar", "POST", form).status == 503
    assert all(who(place.store, mark) for mark in marks.values())
    assert ask(place.door, "/masuk/oidc/keluar", "POST", form).status == 200, "said again, as providers do"
    assert [sid for sid, mark in marks.items() if who(place.store, mark) is None] == ["a", ""]
    assert ask(place.door, "/masuk/oidc/keluar", "POST", form).status == 400, "once more is a replay"


def test_the_errand_is_for_this_host_alone_over_tls(provider: SmallProvider, made: Callable[..., Place]) -> None:
    place = made(**provider.settings())
    answer = ask(place.door, "/masuk/oidc?ke=peta", **PAGE)
    assert answer.status == 303
    assert answer["set-cookie"].startswith("__Host-peta_aman_tujuan=")
    assert "Secure" in answer["set-cookie"]
    came = ask(place.door, "/masuk/oidc/kembali?state=x&code=y", Cookie=answer["set-cookie"].partition(";")[0], **PAGE)
    assert came.status == 401
    why = place.store.audit.trail().query("act == 'masuk.ditolak'")["what_json"].iloc[0]
    assert json.loads(why) == {"sebab": "oidc: state", "kali": 1}, "the errand was read"
