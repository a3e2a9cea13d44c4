"""An issuer's public keys, from a file or from an address that a person chose; never from one that an archive names."""

import ipaddress
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPException
from pathlib import Path

from .jose import WELL_KNOWN, Keys, KeysUnreadable, keys_of

MOST_BYTES = 64 * 1024
SECONDS = 10


def keys_from(place: str) -> Keys:
    """A path, an https address, or that of a site alone; KeysUnreadable."""
    return keys_of(_fetch(place) if "://" in place else _read(place))


def _read(path) -> bytes:
    try:
        with Path(path).open("rb") as file:
            return _whole(file)
    except (OSError, ValueError) as fault:
        raise KeysUnreadable(f"This file cannot be read ({getattr(fault, 'strerror', None) or 'no such name'}).") from None


def _fetch(address) -> bytes:
    wanted = _allowed(address)
    if wanted.path in {"", "/"}:
        wanted = wanted._replace(path=WELL_KNOWN)
    try:
        with urllib.request.build_opener(_SameSite).open(wanted.geturl(), timeout=SECONDS) as answer:
            return _whole(answer)
    except urllib.error.HTTPError as fault:
        raise KeysUnreadable(f"The site answered {fault.code}.") from None
    except (OSError, HTTPException, ValueError) as fault:
        if isinstance(fault, KeysUnreadable):
            raise
        raise KeysUnreadable(f"The site could not be reached ({type(fault).__name__}).") from None


def _whole(file) -> bytes:
    raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise KeysUnreadable("This is larger than any list of keys (64 KB).")
    return raw


def _allowed(address) -> urllib.parse.SplitResult:
    """https; plain http only where it does not leave the machine."""
    try:
        parts = urllib.parse.urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise KeysUnreadable("This is no address of a site.") from None
    if not host or parts.username is not None:
        raise KeysUnreadable("This is no address of a site.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise KeysUnreadable("Keys are fetched over https only.")
    return parts


def _is_loopback(host) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _SameSite(urllib.request.HTTPRedirectHandler):
    """Follows no redirect to another host, nor to one that is less safe."""

    def redirect_request(self, request, file, code, message, headers, address):
        if _allowed(address)[:2] != urllib.parse.urlsplit(request.full_url)[:2]:
            raise KeysUnreadable("The site sends us on to another one.")
        return super().redirect_request(request, file, code, message, headers, address)
