"""An OpenID provider vouches for a person: the way there, the way back, and what is believed of its answer.

Authorization code with PKCE, nonce and state; tokens signed by a key of the provider's own list, in an algorithm with a
public key, for this client, now (`LEEWAY`). The network is used where a provider is configured, and towards it only.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from data.errors import Refused
from pages.door.settings import Provider

LEEWAY = 120
"""Seconds that the provider's clock may differ from ours."""
PATIENCE = 5.0
"""Seconds that the provider may take for an answer."""
BELIEVED_FOR = 600.0
ASKED_AGAIN = 5.0
"""Seconds between two fetches of the keys for a key that is unknown: forged tokens make no traffic. As long a provider
that did not answer is not asked again: nobody waits `PATIENCE` for what is known."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_MOST = 5_000


class Untrusted(Refused):
    """An answer that is not the provider's, or not to what was asked; ``why`` is for the audit alone."""

    def __init__(self, why: str) -> None:
        super().__init__("SIGN_IN_ANSWER")
        self.why = why


@dataclass(frozen=True)
class ProviderLogout:
    """Whose session is over, or which; ``token`` is to be spent once it ended here."""

    subject: str
    session: str
    token: str


class OpenID:
    """One provider, one process. Safe to share among threads; its methods wait for the network."""

    def __init__(self, provider: Provider, public_url: str) -> None:
        self.provider = provider
        self.redirect_uri = f"{public_url}/masuk/oidc/kembali"
        self.home = f"{public_url}/keluar"
        self._lock = threading.Lock()
        self._about: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._failed: dict[str, float] = {}
        self._spent: OrderedDict[str, None] = OrderedDict()

    def begin(self, back: str) -> tuple[str, dict[str, str]]:
        """The provider's address to go to, and the errand to keep until the browser comes back.

        Raises `Refused` (``SIGN_IN_PROVIDER``).
        """
        errand = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")} | {"ke": back}
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.provider.scope,
            "state": errand["state"],
            "nonce": errand["nonce"],
            "code_challenge": create_s256_code_challenge(errand["verifier"]),
            "code_challenge_method": "S256",
        }
        return add_params_to_uri(self._endpoint("authorization_endpoint"), asked), errand

    def finish(self, answer: Mapping[str, str], errand: Mapping[str, str]) -> dict[str, Any]:
        """What the provider claims of who comes back with ``answer``.

        Raises `Untrusted`, and `Refused` (``SIGN_IN_PROVIDER``).
        """
        given = answer.get("state", "").encode("utf-8", "replace")
        if not errand.get("state") or not secrets.compare_digest(given, errand["state"].encode()):
            raise Untrusted("state")
        self.spend(errand["state"])
        about = self._describe()
        told = answer.get("iss")
        if told != about["issuer"] and (told or about.get("authorization_response_iss_parameter_supported")):
            raise Untrusted("iss")
        if "error" in answer or not answer.get("code"):
            raise Untrusted(f"error {_told(answer.get('error', ''))}".strip())
        token = self._exchange(answer["code"], errand["verifier"])
        claims = self._id_token(token, errand["nonce"])
        return {**self._more(token, claims), **claims}

    def logout(self, token: str) -> ProviderLogout:
        """What the provider says is over (back-channel logout). Raises `Untrusted`, also once the token is spent."""
        header, claims = self._decode(token)
        self._claims(claims, header, {"client_id": self.provider.client_id})
        event = claims.get("events")
        if not isinstance(event, dict) or LOGOUT_EVENT not in event or "nonce" in claims or not claims.get("jti"):
            raise Untrusted("logout token")
        over = ProviderLogout(str(claims.get("sub") or ""), str(claims.get("sid") or ""), f"jti {claims['jti']}")
        if not over.subject and not over.session:
            raise Untrusted("logout token")
        with self._lock:
            if over.token in self._spent:
                raise Untrusted("replay")
        return over

    def leave(self) -> str | None:
        """Where to go to end the provider's own session too; None where it offers nothing or does not answer."""
        try:
            endpoint = self._describe().get("end_session_endpoint")
        except Refused:
            return None
        asked = {"client_id": self.provider.client_id, "post_logout_redirect_uri": self.home}
        return add_params_to_uri(endpoint, asked) if endpoint else None

    # --- talking to the provider --------------------------------------------------------------------------------------

    def _describe(self) -> dict[str, Any]:
        with self._lock:
            known = self._about
        if known is not None and time.monotonic() - known[0] < BELIEVED_FOR:
            return known[1]
        about = self._get(f"{self.provider.issuer}/.well-known/openid-configuration")
        if str(about.get("issuer", "")).rstrip("/") != self.provider.issuer:
            raise Untrusted("issuer")
        with self._lock:
            self._about = time.monotonic(), about
        return about

    def _endpoint(self, name: str) -> str:
        address = self._describe().get(name)
        if not isinstance(address, str) or not address.startswith(("https://", "http://")):
            raise Refused("SIGN_IN_PROVIDER")
        return address

    def _get(self, address: str, token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if time.monotonic() - self._failed.get(address, -ASKED_AGAIN) < ASKED_AGAIN:
            raise Refused("SIGN_IN_PROVIDER")
        try:
            answer = requests.get(address, timeout=PATIENCE, headers=headers, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError) as fault:
            if not token:  # with one, the fault may be this person's alone
                self._failed[address] = time.monotonic()
            raise Refused("SIGN_IN_PROVIDER") from fault
        if not isinstance(found, dict):
            raise Refused("SIGN_IN_PROVIDER")
        return found

    def _exchange(self, code: str, verifier: str) -> dict[str, Any]:
        offered = self._describe().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
        session = OAuth2Session(
            self.provider.client_id,
            self.provider.client_secret or None,
            token_endpoint_auth_method=method if self.provider.client_secret else "none",
            redirect_uri=self.redirect_uri,
        )
        with session:
            try:
                token: dict[str, Any] = session.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    timeout=PATIENCE,
                )
            except OAuthError as fault:  # the provider's word: a code that was used, or another's
                raise Untrusted(f"code {_told(str(fault.error))}") from fault
            except (requests.RequestException, ValueError) as fault:
                raise Refused("SIGN_IN_PROVIDER") from fault
        return token

    def _more(self, token: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """What the provider says of the same person beside the token."""
        endpoint, access = self._describe().get("userinfo_endpoint"), token.get("access_token")
        if not endpoint or not access:
            return {}
        more = self._get(str(endpoint), str(access))
        if more.get("sub") != claims["sub"]:
            raise Untrusted("userinfo")
        return more

    # --- believing it -------------------------------------------------------------------------------------------------

    def _id_token(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        if not isinstance(token.get("id_token"), str):
            raise Untrusted("no id_token")
        header, claims = self._decode(token["id_token"])
        known = {"client_id": self.provider.client_id, "nonce": nonce, "access_token": token.get("access_token")}
        self._claims(claims, header, known)
        return claims

    def _claims(self, claims: dict[str, Any], header: dict[str, Any], known: dict[str, Any]) -> None:
        wanted = {
            "iss": {"essential": True, "values": [self._describe()["issuer"]]},
            "aud": {"essential": True, "values": [self.provider.client_id]},
        }
        checked = CodeIDToken({"sub": "", **claims}, header, wanted, known)
        if "nonce" not in known:  # a logout token has no subject where it names a session, and no need of an end
            checked.setdefault("exp", int(time.time()) + LEEWAY)
        elif not claims.get("sub"):
            raise Untrusted("sub")
        try:
            checked.validate(leeway=LEEWAY)
            issued = claims.get("iat")
            if not isinstance(issued, (int, float)) or abs(time.time() - issued) > BELIEVED_FOR + LEEWAY:
                raise Untrusted("iat")
        except (JoseError, ValueError, TypeError) as fault:
            raise Untrusted(f"{type(fault).__name__} {getattr(fault, 'claim', '')}".strip()) from fault

    def _decode(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        try:
            try:
                found = jwt.decode(token, self._key_set(), registry=registry)
            except InvalidKeyIdError:
                found = jwt.decode(token, self._key_set(anew=True), registry=registry)
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise Untrusted(type(fault).__name__) from fault
        return dict(found.header), dict(found.claims)

    def _key_set(self, anew: bool = False) -> KeySet:
        with self._lock:
            known = self._keys
        age = time.monotonic() - known[0] if known else None
        if known is not None and age is not None and age < (ASKED_AGAIN if anew else BELIEVED_FOR):
            return known[1]
        listed = self._get(self._endpoint("jwks_uri"))
        public = [key for key in listed.get("keys", []) if isinstance(key, dict) and key.get("kty") != "oct"]
        try:
            keys = KeySet.import_key_set({"keys": [key for key in public if key.get("use", "sig") == "sig"]})
        except (JoseError, ValueError, TypeError, KeyError) as fault:
            raise Refused("SIGN_IN_PROVIDER") from fault
        with self._lock:
            self._keys = time.monotonic(), keys
        return keys

    def spend(self, once: str) -> None:
        """Raises `Untrusted` the second time."""
        with self._lock:
            if once in self._spent:
                raise Untrusted("replay")
            self._spent[once] = None
            while len(self._spent) > _MOST:
                self._spent.popitem(last=False)


def _told(error: str) -> str:
    """A code of an error as OAuth has them, for the audit; nothing of what else somebody wrote in its place."""
    return error if re.fullmatch(r"[a-z_]{1,40}", error) else ""
