"""How people sign in, from ``PETA_AMAN_…`` variables; whether the server may listen where it is told to."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from campaign.access.accounts import OIDC, PROXY, SOURCES
from data.errors import WrongUse
from words import t

OFF = "off"
LOOPBACK = ("127.0.0.1", "localhost")
SHORTEST_SECRET = 20
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Provider:
    """An OpenID provider: where it describes itself, who we are there, and what its claims are called."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    account_claim: str
    scope: str


@dataclass(frozen=True)
class Gateway:
    """A proxy in front that says who somebody is: by which headers, with which secret."""

    secret: str
    user_header: str
    name_header: str
    groups_header: str
    sign_out_url: str


@dataclass(frozen=True)
class DoorSettings:
    """The sources that are in use; with none, whoever reaches the server on this computer is the workspace's owner."""

    sources: frozenset[str] = frozenset()
    public_url: str = ""
    provider: Provider | None = None
    gateway: Gateway | None = None
    peers: tuple[Network, ...] = ()
    """Proxies that are believed: where somebody comes from, and with a `Gateway` also who it is."""

    @property
    def on(self) -> bool:
        return bool(self.sources)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the server over TLS, so that cookies are for TLS only."""
        return self.public_url.startswith("https://")

    def from_peer(self, connected: str) -> bool:
        """Whether the connection is a believed proxy's."""
        return within(connected, self.peers)

    def address(self, connected: str, forwarded: str) -> str:
        """Where a person is, by who is ``connected`` and the ``X-Forwarded-For`` of a believed proxy: the last address
        before the proxies. Empty where nobody can tell: a proxy of which the settings do not know, or that names
        nobody, stands for all people behind it."""
        if not self.from_peer(connected):
            return "" if not self.peers and loopback(connected) else connected
        passed = [one.strip() for one in forwarded.split(",") if one.strip()]
        return next((one for one in reversed(passed) if not within(one, self.peers)), "")


def read_settings(env: Mapping[str, str] | None = None) -> DoorSettings:
    """The settings of this process. Raises `WrongUse` (``SIGN_IN_SETTING``: ``nama``, ``sebab``)."""
    values = os.environ if env is None else env
    given = [part.strip() for part in values.get("PETA_AMAN_SIGN_IN", OFF).split(",") if part.strip()]
    if not set(given) <= {OFF, *SOURCES} or (OFF in given and len(given) > 1) or not given:
        raise _wrong("PETA_AMAN_SIGN_IN", "masuk.setelan_sumber")
    sources = frozenset(given) - {OFF}
    public = values.get("PETA_AMAN_PUBLIC_URL", "").rstrip("/")
    if public and not _address(public):
        raise _wrong("PETA_AMAN_PUBLIC_URL", "masuk.setelan_alamat")
    if OIDC in sources and not public:
        raise _wrong("PETA_AMAN_PUBLIC_URL", "masuk.setelan_kosong")
    return DoorSettings(
        sources,
        public,
        _provider(values) if OIDC in sources else None,
        _gateway(values) if PROXY in sources else None,
        _peers(values, needed=PROXY in sources),
    )


def check_address(address: str | None, settings: DoorSettings) -> None:
    """Raises `WrongUse` (``SIGN_IN_REQUIRED``) where others could reach the server without signing in."""
    if not settings.on and not alone(address, settings):
        raise WrongUse("SIGN_IN_REQUIRED")


def alone(address: str | None, settings: DoorSettings) -> bool:
    """Whether only this computer reaches the server at ``address``; a public address tells of a proxy before it."""
    public = urlsplit(settings.public_url).hostname
    return loopback(address) and (public is None or loopback(public))


def allowed_hosts(address: str | None, settings: DoorSettings) -> list[str]:
    """The names by which a server that listens at ``address`` may be asked; none where it cannot be known: on every
    network of the computer, without a public address."""
    public = urlsplit(settings.public_url).hostname
    own = address if address and not loopback(address) and not _unspecified(address) else None
    named = [name for name in (own, public) if name]
    return list(dict.fromkeys([*LOOPBACK, *named])) if named or loopback(address) else []


def loopback(address: str | None) -> bool:
    """Whether only this computer reaches ``address``; an empty one means every network the computer is in."""
    if address == "localhost":
        return True
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def _unspecified(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_unspecified
    except ValueError:
        return False


def within(peer: str, peers: tuple[Network, ...]) -> bool:
    """Whether the address ``peer`` is one of ``peers``."""
    try:
        found = ipaddress.ip_address(peer)
    except ValueError:
        return False
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in peers)


def _provider(values: Mapping[str, str]) -> Provider:
    issuer = _needed(values, "PETA_AMAN_OIDC_ISSUER").rstrip("/")
    if not _address(issuer):
        raise _wrong("PETA_AMAN_OIDC_ISSUER", "masuk.setelan_alamat")
    return Provider(
        issuer,
        _needed(values, "PETA_AMAN_OIDC_CLIENT_ID"),
        _secret(values, "PETA_AMAN_OIDC_CLIENT_SECRET"),
        values.get("PETA_AMAN_OIDC_NAME", "OpenID"),
        values.get("PETA_AMAN_OIDC_ACCOUNT", "preferred_username"),
        values.get("PETA_AMAN_OIDC_SCOPE", "openid profile email"),
    )


def _peers(values: Mapping[str, str], *, needed: bool) -> tuple[Network, ...]:
    name = "PETA_AMAN_PROXY_PEERS"
    told = _needed(values, name) if needed else values.get(name, "")
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in told.split(",") if part.strip())
    except ValueError as fault:
        raise _wrong(name, "masuk.setelan_alamat") from fault


def _gateway(values: Mapping[str, str]) -> Gateway:
    secret = _secret(values, "PETA_AMAN_PROXY_SECRET")
    if len(secret) < SHORTEST_SECRET:
        raise _wrong("PETA_AMAN_PROXY_SECRET", "masuk.setelan_rahasia")
    return Gateway(
        secret,
        values.get("PETA_AMAN_PROXY_USER_HEADER", "X-Forwarded-User").lower(),
        values.get("PETA_AMAN_PROXY_NAME_HEADER", "X-Forwarded-Name").lower(),
        values.get("PETA_AMAN_PROXY_GROUPS_HEADER", "X-Forwarded-Groups").lower(),
        values.get("PETA_AMAN_PROXY_SIGN_OUT_URL", ""),
    )


def _needed(values: Mapping[str, str], name: str) -> str:
    found = values.get(name, "").strip()
    if not found:
        raise _wrong(name, "masuk.setelan_kosong")
    return found


def _secret(values: Mapping[str, str], name: str) -> str:
    """A secret, from the variable or from the file that ``<name>_FILE`` names; empty where there is none."""
    if file := values.get(f"{name}_FILE", "").strip():
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise _wrong(f"{name}_FILE", "masuk.setelan_kosong") from fault
    return values.get(name, "").strip()


def _address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and "@" not in parts.netloc and not parts.query


def _wrong(name: str, why: str) -> WrongUse:
    return WrongUse("SIGN_IN_SETTING", nama=name, sebab=t(why))
