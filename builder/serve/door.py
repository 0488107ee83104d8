"""Who may come in: pages of this preview, and people who type or click its address.

A page of another site can send requests to this machine, too. So each must name a host that we
are (a foreign name that leads here is not one), must not come from another origin's page, and what
changes anything or tells more than the pages do needs the token that only our own pages hold.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct, field

from builder import value

HEADER = "X-Postil-Token"
"""In which a page of ours shows the token."""


class Door(Struct, frozen=True):
    """The rules for one server."""

    host: str
    """The address it listens at."""
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach it."""
        return value.is_loopback(self.host)

    def admits(self, method: str | None, headers: Mapping[str, str]) -> bool:
        """Whether a request with these headers may be answered at all."""
        host = headers.get("Host", "")
        origin = headers.get("Origin")
        if not self._is_ours(host) or (origin is not None and origin != f"http://{host}"):
            return False
        site = headers.get("Sec-Fetch-Site", "none")
        if site in {"none", "same-origin"}:
            return True
        # A link on another page that somebody clicked leads in, but nothing else does.
        mode, target = (headers.get(f"Sec-Fetch-{each}") for each in ("Mode", "Dest"))
        return method == "GET" and mode == "navigate" and target == "document"

    def knows(self, token: str) -> bool:
        """Whether that is our token."""
        return hmac.compare_digest(token.encode(), self.token.encode())

    def _is_ours(self, host: str) -> bool:
        try:
            parts = urlsplit(f"//{host}")
            name, port = parts.hostname or "", parts.port or 80
        except ValueError:
            return False
        if port != self.port:
            return False
        if value.is_loopback(name) or name == self.host:
            return True
        # Whoever opened it to the network reaches it by an address; a name may be anybody's.
        return not self.is_private and _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
