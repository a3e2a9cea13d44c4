"""The only way in which we call a partner: a public address, looked up once, with bounds on time and on what it answers (T-21).

What a partner gave as its address may lead to our own machines, so the name is resolved here, every address it has is judged, and the
connection goes to the one that was judged: a name that says something else a moment later changes nothing. The certificate is checked
against the name. No redirect is followed, no proxy asked, nothing unpacked.
"""

import os
import re
import socket
import ssl
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillLooking
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, IncompleteRead
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from time import monotonic
from urllib.parse import SplitResult, urlsplit

import certifi
from django.conf import settings
from django.core.exceptions import ValidationError

from .errors import AddressRefused, NotReached

# From the first look-up to the last byte.
SECONDS = 5
ANSWER_BYTES = 64 * 1024
# RFC 3986 knows no others; a browser and a library read the rest each in its own way.
PRINTABLE = re.compile(r"[!-~]{1,2000}")
WAIT = re.compile(r"[0-9]{1,6}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# What is handed out for the internet (IANA), without the part in which an IPv4 address hides (6to4, RFC 3056).
PUBLIC_IPV6, HIDES_IPV4 = IPv6Network("2000::/3"), IPv6Network("2002::/16")

# A name server may hang, and nothing in Python stops it: these wait for it, we do not.
_looking_up = ThreadPoolExecutor(4, thread_name_prefix="look-up")
# Host and port -> what looks for it now.
_under_way: dict[tuple, Future] = {}


@dataclass(frozen=True)
class Answer:
    """`retry_after`: the seconds that it asks us to wait, None where it names none (RFC 9110, 10.2.3)."""

    status: int
    kind: str
    body: bytes
    retry_after: int | None = None


def call(
    method: str, url: str, body: bytes = b"", headers: dict | None = None, *, seconds: float = SECONDS, most: int = ANSWER_BYTES
) -> Answer:
    """AddressRefused where we may not call it, NotReached with a code where nothing whole, or more than `most`, came back in time."""
    parts, ends = checked(url), monotonic() + seconds
    try:
        with _connected(parts, ends) as connection:
            connection.request(method, _target(parts), body, {"User-Agent": "Inzage", "Connection": "close", **(headers or {})})
            answered = _read(connection.getresponse(), most)
    except (OSError, HTTPException, ValueError) as error:
        raise NotReached("timeout" if monotonic() >= ends else _code_of(error)) from None
    if monotonic() >= ends:  # what was cut off looks whole where its length was not told
        raise NotReached("timeout")
    return answered


post = partial(call, "POST")


def checked(url: str) -> SplitResult:
    """AddressRefused unless it reads as one that we may call; where its name leads is judged at each call."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError:
        raise AddressRefused from None
    if not PRINTABLE.fullmatch(url) or not host or {"@", "\\", "#"} & set(url):
        raise AddressRefused
    if settings.PARTNERS_ON_LOOPBACK and host in LOOPBACK and parts.scheme in {"http", "https"}:
        return parts
    if parts.scheme != "https" or (port or 443) not in settings.PARTNER_PORTS or _is_private_number(host):
        raise AddressRefused
    return parts


def address_of_a_partner(url: str) -> None:
    """Validator of a column or a field."""
    try:
        checked(url)
    except AddressRefused as refusal:
        raise ValidationError(refusal.sentence, code="invalid") from None


def _is_private_number(host):
    try:
        return not _is_public(ip_address(host))
    except ValueError:
        return False


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whole sorts are left out: private, loopback, link-local (metadata of clouds), shared, multicast, and IPv4 in IPv6's clothes."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return address.version == 4 or (address in PUBLIC_IPV6 and address not in HIDES_IPV4)


def _may_call(address) -> bool:
    return _is_public(address) or (settings.PARTNERS_ON_LOOPBACK and address.is_loopback)


def _addresses(host, port, ends) -> list[str]:
    """All that the name has, looked up once; one bad one refuses them all."""
    look_up = _look_up(host, port)
    try:
        found = look_up.result(max(0, ends - monotonic()))
    except (StillLooking, CancelledError):
        look_up.cancel()  # where it has not begun
        raise NotReached("timeout") from None
    except (socket.gaierror, UnicodeError):
        raise NotReached("name_unknown") from None
    numbers = list(dict.fromkeys(where[0] for *_kind, where in found))
    if not all("%" not in number and _may_call(ip_address(number)) for number in numbers):
        raise AddressRefused
    return numbers


def _look_up(host, port) -> Future:
    """One at a time of each name: who has a name server that hangs takes one of the threads, however many wait for it."""
    where = host, port
    look_up = _under_way.get(where)
    if look_up is None:
        look_up = _under_way[where] = _looking_up.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        look_up.add_done_callback(lambda _done: _under_way.pop(where, None))
    return look_up


@contextmanager
def _connected(parts, ends):
    """A connection that is cut when its time is over: who sends one byte a second would else be read for ever."""
    connection = HTTPConnection(parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme])
    connection.sock = _reached(_addresses(parts.hostname, connection.port, ends), connection.port, ends)
    if parts.scheme == "https":
        connection.default_port = 443  # so that the Host header names no port where it need not
        connection.sock = _trusting().wrap_socket(connection.sock, server_hostname=parts.hostname, do_handshake_on_connect=False)
    cut = Timer(max(0, ends - monotonic()), _cut, [connection.sock])
    cut.daemon = True
    cut.start()
    try:
        if parts.scheme == "https":
            connection.sock.do_handshake()
        yield connection
    finally:
        cut.cancel()
        connection.close()


def _reached(numbers, port, ends) -> socket.socket:
    """The first that takes the connection."""
    problem = None
    for number in numbers:
        try:
            return socket.create_connection((number, port), max(0.001, ends - monotonic()))
        except OSError as error:
            problem = error
    raise problem or NotReached("name_unknown")


def _read(response, most) -> Answer:
    body = response.read(most + 1)
    if len(body) > most:
        raise NotReached("too_large")
    if response.length:  # what it said it would still send
        raise IncompleteRead(body, response.length)
    return Answer(response.status, response.headers.get_content_type(), body, _seconds(response.headers.get("Retry-After", "")))


def _seconds(said: str) -> int | None:
    """A date is not read: what clocks differ by is longer than such a wait."""
    return int(said) if WAIT.fullmatch(said) else None


def _cut(sock):
    """Not `SSLSocket.shutdown`, which would pull the rug from under the thread that reads."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _trusting() -> ssl.SSLContext:
    """The usual authorities, or those that the machine is told of in the usual way."""
    context = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where())
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _target(parts):
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _code_of(error) -> str:
    """A word of ours: an error's own words may repeat what was sent."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ssl.SSLError):
        return "certificate" if isinstance(error, ssl.SSLCertVerificationError) else "tls"
    return "connection" if isinstance(error, OSError) else "no_http"
