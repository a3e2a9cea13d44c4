"""Calling partners: never our own machines, never longer or more than we bear, always to whom the certificate names (T-21)."""

import socket
import ssl
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.exceptions import ValidationError

from consents import outgoing
from consents.errors import AddressRefused, NotReached

REFUSED = [
    "",
    "http://edupartner.example/events",
    "ftp://edupartner.example/",
    "file:///etc/passwd",
    "https://",
    "https:edupartner.example",
    "//edupartner.example/",
    "https://user@edupartner.example/",
    "https://edupartner.example@127.0.0.1/",
    "https://edupartner.example/#part",
    "https://edupartner.example:8443/",
    "https://edupartner.example:22/",
    "https://edupartner.example:99999/",
    "https://edupartner.example:abc/",
    "https://edupartner.example\\@127.0.0.1/",
    "https://edupartner.example/\r\nX-Ours: yes",
    "https://edupartner.example/ space",
    "https://edupärtner.example/",
    "https://127.0.0.1/",
    "https://10.0.0.8/",
    "https://172.16.3.4/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.100.100.200/",
    "https://0.0.0.0/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://198.18.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:db8::1]/",
    "https://[::1/",
    "https://" + "a" * 100_000,
]
# What a name may lead to, in every spelling that a resolver knows.
LEADS_TO_US = ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "fe80::1%lo", "0.0.0.0"]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_for_us_is_refused(url):
    with pytest.raises(AddressRefused):
        outgoing.checked(url)


@pytest.mark.parametrize("url", ["https://edupartner.example/events?of=us", "https://93.184.215.14/", "https://[2606:2800::1]/"])
def test_a_public_address_is_not(url):
    assert outgoing.checked(url).scheme == "https"


def test_a_column_says_so_in_a_sentence():
    with pytest.raises(ValidationError, match="https"):
        outgoing.address_of_a_partner("http://127.0.0.1/")


def resolved(monkeypatch, *answers):
    """What the name service says, one answer after the other; the last one stays."""
    asked, left, look_up_number = [], list(answers), socket.getaddrinfo

    def look_up(host, port, *args, **kwargs):
        if host[0].isdigit():
            return look_up_number(host, port, *args, **kwargs)
        asked.append(host)
        numbers = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


@pytest.mark.parametrize("number", LEADS_TO_US)
def test_a_name_that_leads_to_us_is_refused(monkeypatch, number):
    resolved(monkeypatch, [number])

    with pytest.raises(AddressRefused):
        outgoing.post("https://edupartner.example/")


def test_one_bad_address_among_good_ones_refuses_them_all(monkeypatch):
    resolved(monkeypatch, ["93.184.215.14", "127.0.0.1"])

    with pytest.raises(AddressRefused):
        outgoing.post("https://edupartner.example/")


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost", "localhost."])
def test_other_spellings_of_this_machine_lead_to_it_and_are_refused(host):
    with pytest.raises((AddressRefused, NotReached)) as refused:
        outgoing.post(f"https://{host}/")

    assert not isinstance(refused.value, NotReached) or refused.value.code == "name_unknown"


def test_a_name_is_looked_up_once_and_the_connection_goes_where_it_led(monkeypatch):
    """DNS rebinding: the second answer is never asked."""
    asked = resolved(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    reached = []

    def create_connection(where, timeout):
        reached.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)

    with pytest.raises(NotReached):
        outgoing.post("https://edupartner.example/")

    assert (asked, reached) == (["edupartner.example"], [("93.184.215.14", 443)])


def test_a_name_server_that_hangs_keeps_nobody_waiting(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(2))

    with pytest.raises(NotReached, match="timeout"):
        outgoing.post("https://sleeps.example/", seconds=0.2)


def wait_until_no_thread_hangs():
    while outgoing._under_way:
        time.sleep(0.01)


@pytest.fixture
def hanging(monkeypatch):
    """What is asked of name servers that answer nothing until the test ends, but for one."""
    wait_until_no_thread_hangs()
    asked, ended = [], Event()

    def look_up(host, port, *args, **kwargs):
        asked.append(host)
        if host != "edupartner.example":
            ended.wait(10)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield asked
    ended.set()
    wait_until_no_thread_hangs()


def waits_for(host):
    with pytest.raises(NotReached, match="timeout"):
        outgoing._addresses(host, 443, time.monotonic() + 0.05)


def test_a_name_server_that_hangs_keeps_no_other_partner_waiting(hanging):
    for _time in range(6):
        waits_for("hangs.example")

    assert outgoing._addresses("edupartner.example", 443, time.monotonic() + 5) == ["93.184.215.14"]
    assert hanging == ["hangs.example", "edupartner.example"]


def test_a_look_up_that_nobody_waits_for_any_more_is_not_begun(hanging):
    for number in range(4):
        waits_for(f"hangs-{number}.example")

    waits_for("edupartner.example")

    assert {host for host, _port in outgoing._under_way} == {f"hangs-{number}.example" for number in range(4)}


@contextmanager
def answering(speak, context=None):
    """A server on this machine that does with each connection what it is told; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    connection, _address = server.accept()
                    Thread(target=_spoken, args=(connection, speak, context), daemon=True).start()
                except OSError:
                    return

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def _spoken(connection, speak, context):
    try:
        with connection, context.wrap_socket(connection, server_side=True) if context else connection as talk:
            asked = talk.recv(65536)
            speak(talk, asked)
            talk.shutdown(socket.SHUT_WR)
            while talk.recv(65536):
                pass
    except OSError:
        pass


def says(text):
    return lambda talk, asked: talk.sendall(text)


def drips(talk, asked):
    """One byte at a time: no single read takes long."""
    for letter in b"HTTP/1.1 202 Accepted\r\nX-Long: " + b"a" * 10_000:
        talk.sendall(bytes([letter]))
        time.sleep(0.05)


def drips_body(talk, asked):
    talk.sendall(b"HTTP/1.1 202 Accepted\r\n\r\n")
    drips(talk, asked)


def hangs(talk, asked):
    time.sleep(10)


def floods(talk, asked):
    talk.sendall(b"HTTP/1.1 202 Accepted\r\n\r\n")
    for _nth in range(10):
        talk.sendall(b"x" * 1_000_000)


@pytest.fixture
def on_loopback(settings):
    settings.PARTNERS_ON_LOOPBACK = True


def test_an_answer_comes_back(on_loopback):
    heard = []

    def speak(talk, asked):
        heard.append(asked)
        talk.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")

    with answering(speak) as port:
        answer = outgoing.post(f"http://127.0.0.1:{port}/events?of=us", b"body", {"Content-Type": "text/plain"})

    assert (answer.status, answer.kind, answer.body) == (400, "application/json", b"{}")
    assert heard[0].startswith(b"POST /events?of=us HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{port}\r\n".encode() in heard[0]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7), ("0", 0), ("", None), ("-1", None), ("1e3", None), ("9" * 7, None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)],
)
def test_how_long_it_asks_us_to_wait_is_a_number_of_seconds(on_loopback, said, seconds):
    with answering(says(f"HTTP/1.1 429 Too Many Requests\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n".encode())) as port:
        assert outgoing.post(f"http://127.0.0.1:{port}/").retry_after == seconds


@pytest.mark.parametrize(
    ("speak", "code"),
    [
        (hangs, "timeout"),
        (drips, "timeout"),
        (drips_body, "timeout"),
        (floods, "too_large"),
        (says(b"220 mail.example ESMTP\r\n"), "no_http"),
        (says(b""), "connection"),
        (says(b"HTTP/1.1 202 Accepted\r\nContent-Length: 900\r\n\r\nshort"), "no_http"),
        (says(b"HTTP/1.1 202 Accepted\r\n" + b"".join(b"X-%d: a\r\n" % nth for nth in range(500))), "no_http"),
    ],
)
def test_what_does_not_answer_as_it_should_is_not_reached(on_loopback, speak, code):
    begun = time.monotonic()

    with answering(speak) as port, pytest.raises(NotReached) as problem:
        outgoing.post(f"http://127.0.0.1:{port}/", seconds=1)

    assert problem.value.code == code
    assert time.monotonic() - begun < 5


def test_a_redirect_is_an_answer_and_is_not_followed(on_loopback):
    with answering(says(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as port:
        assert outgoing.post(f"http://127.0.0.1:{port}/").status == 302


def test_without_the_setting_this_machine_is_not_called():
    with answering(says(b"HTTP/1.1 202 Accepted\r\n\r\n")) as port, pytest.raises(AddressRefused):
        outgoing.post(f"http://127.0.0.1:{port}/")


@pytest.mark.parametrize("url", ["http://edupartner.example/", "http://10.0.0.8/", "https://169.254.169.254/"])
def test_with_the_setting_no_other_address_opens(on_loopback, url):
    with pytest.raises(AddressRefused):
        outgoing.post(url)


@contextmanager
def secured(tmp_path, monkeypatch, name):
    """A server whose certificate is for this name, and a machine that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    since = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number(), since, since + timedelta(days=9))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    file = tmp_path / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    heard = []
    context.sni_callback = lambda talk, asked, own: heard.append(asked)
    with answering(says(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"), context) as port:
        yield port, heard


@pytest.mark.parametrize(("certified", "outcome"), [("edupartner.example", 202), ("other.example", "certificate")])
def test_the_certificate_is_asked_of_the_name_though_the_number_is_called(on_loopback, settings, tmp_path, monkeypatch, certified, outcome):
    with secured(tmp_path, monkeypatch, certified) as (port, heard):
        settings.PARTNER_PORTS = [443, port]
        resolved(monkeypatch, ["127.0.0.1"])
        try:
            found = outgoing.post(f"https://edupartner.example:{port}/").status
        except NotReached as problem:
            found = problem.code

    assert (found, heard) == (outcome, ["edupartner.example"])
