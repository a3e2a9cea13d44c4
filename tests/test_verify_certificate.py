"""python -m privacy.verify of a certificate: what it lets pass, what it names, and what it refuses."""

import json
import subprocess
import sys
from io import BytesIO

import pytest

from privacy.verify import Code, State, is_certificate, jose, verify_certificate
from privacy.verify.__main__ import main

from .certificates import SAID, certificate, digested, good, spelled, tampered, written
from .signed_archives import ISSUER, KEYS, STRANGER
from .signed_archives import good as good_archive
from .test_verify import ALONE, JWKS, ROOT

MADE = certificate()
DEEP = b'{"format":"inzage-certificate","x":' + b"[" * 100_000
NOT_READ = {
    "truncated": (good()[:-200], Code.NOT_JSON),
    "empty braces": (b"{}", Code.NOT_A_CERTIFICATE),
    "no object": (b'{"format": ["inzage-certificate"]}', Code.NOT_A_CERTIFICATE),
    "another format": (written({**MADE, "format": "inzage-archive"}), Code.NOT_A_CERTIFICATE),
    "format 99": (written(certificate(version=99)), Code.OTHER_VERSION),
    "format yes": (written(certificate(version=True)), Code.OTHER_VERSION),
    "huge": (written({**MADE, "more": "x" * 2_000_000}), Code.NOT_A_CERTIFICATE),
    "deep": (DEEP, Code.NOT_JSON),
    "a long number": (b'{"format":"inzage-certificate","version":' + b"9" * 10_000 + b"}", Code.NOT_JSON),
    "a broken number": (written({**MADE, "files_removed": 2.5}), Code.NOT_JSON),
    "no number": (good().replace(b": 1200", b": NaN"), Code.NOT_JSON),
    "other letters": (good().replace("ä".encode(), b"\xff"), Code.NOT_JSON),
    "UTF-16": (b"{" + good().decode().encode("utf-16"), Code.NOT_JSON),
    "on paper": (b"%PDF-1.7\n", Code.PAPER),
}


def checked(raw, keys=KEYS, **options):
    return verify_certificate(BytesIO(raw), keys, **options)


def codes(raw, **options):
    return {(fault.code, fault.file) for fault in checked(raw, **options).faults}


@pytest.fixture
def says(tmp_path, capsys):
    """Exit code and output of the command for these bytes."""

    def run(raw, *options):
        (tmp_path / "certificate.json").write_bytes(raw)
        code = main([str(tmp_path / "certificate.json"), *options])
        return code, capsys.readouterr().out

    return run


def test_a_good_one_is_signed_by_whom_it_names():
    verdict = checked(good())

    assert (verdict.state, verdict.faults, verdict.issuer, verdict.document["number"]) == (State.SIGNED, [], ISSUER, "ABCDEFGHJK")


def test_how_it_is_laid_out_does_not_count():
    """An editor or a mail program writes it again."""
    for raw in (spelled(MADE), json.dumps(MADE, indent=4).encode(), b"\xef\xbb\xbf" + good().replace(b"\n", b"\r\n")):
        assert checked(raw).state == State.SIGNED


@pytest.mark.parametrize("name", [name for name in SAID if name not in {"format", "version"}])
def test_what_was_changed_is_named(name):
    changed = {**MADE, name: f"{MADE[name]} "}

    assert (Code.CHANGED, name) in codes(written(changed))


@pytest.mark.parametrize("name", [name for name in SAID if name not in {"format", "version"}])
def test_what_was_changed_with_its_digest_is_not_what_was_signed(name):
    changed = {**digested(**{name: "else"}), "signature": MADE["signature"]}

    fault = (Code.WRONG_ISSUER, "signature") if name == "issuer" else (Code.WRONG_SIGNATURE, "digests")
    assert codes(written(changed)) == {fault}


@pytest.mark.parametrize("name", [name for name in MADE if name not in {"format", "version"}])
def test_what_was_left_out_is_missed(name):
    assert (Code.MISSING, name) in codes(written({key: value for key, value in MADE.items() if key != name}))


def test_what_was_added_is_named():
    assert codes(written({**MADE, "note": "An Peeters"})) == {(Code.ADDED, "note")}


@pytest.mark.parametrize("value", [None, [], "x", 1, {}, {"format": []}], ids=str)
def test_digests_that_are_none_do_not_pass(value):
    assert checked(written({**MADE, "digests": value})).state == State.TAMPERED


@pytest.mark.parametrize(
    "value", ["", "x", 1, ["a"], "é..é", "\ud800", MADE["signature"] + "x", MADE["signature"].replace(".", "")], ids=ascii
)
def test_a_signature_that_is_none_does_not_pass(value):
    raw = json.dumps({**MADE, "signature": value}).encode()

    assert checked(raw).state == State.TAMPERED


def test_the_same_name_twice_does_not_pass():
    """Some programs read the first, some the last."""
    raw = good().replace(b'"files_removed": 2', b'"files_removed": 9,\n "files_removed": 2')

    assert codes(raw) == {(Code.SAID_TWICE, "")}
    assert checked(raw).state == State.TAMPERED


def test_another_key_does_not_pass():
    assert codes(written(certificate(key=STRANGER))) == {(Code.UNKNOWN_KEY, "signature")}


def test_a_signature_in_anothers_name_does_not_pass():
    assert codes(written(certificate(in_name_of="https://elsewhere.example"))) == {(Code.WRONG_ISSUER, "signature")}


def test_what_another_issuer_signed_stays_open_where_the_keys_are_ours():
    elsewhere = "https://elsewhere.example"
    made = written(certificate(STRANGER, in_name_of=elsewhere, issuer=elsewhere))

    assert checked(made, issuer=ISSUER).state == State.SIGNER_UNKNOWN
    assert checked(made).state == State.TAMPERED


def test_a_signature_of_an_archive_signs_no_certificate():
    assert codes(written(certificate(kind=jose.TYPE))) == {(Code.NOT_A_SIGNATURE, "signature")}


@pytest.mark.parametrize(("raw", "code"), NOT_READ.values(), ids=NOT_READ)
def test_what_is_none_is_refused(raw, code):
    verdict = checked(raw)

    assert [fault.code for fault in verdict.faults] == [code]
    assert verdict.state == State.UNREADABLE


def test_lists_in_lists_end_in_words():
    """However deep: read and written by programs that stop at different depths."""
    for depth in range(10, 1000, 7):
        raw = b'{"format":"inzage-certificate","version":1,"x":' + b"[" * depth + b"]" * depth + b"}"
        assert checked(raw).state in {State.TAMPERED, State.UNREADABLE}


def test_which_files_may_be_certificates():
    assert all(is_certificate(BytesIO(raw)) for raw in (good(), b"\n {}", b"%PDF-1.7"))
    assert not any(is_certificate(BytesIO(raw)) for raw in (good_archive(), b"", b"Dear An"))


def test_the_command_says_so(says, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(JWKS))

    code, output = says(good(), "--keys", str(tmp_path / "keys.json"))

    assert code == 0
    assert "Intact: certificate of request ABCDEFGHJK" in output
    assert f"Signed by {ISSUER} with key" in output


def test_the_command_names_what_was_changed(says):
    code, output = says(tampered())

    assert code == 1
    assert "files_removed: its contents were changed\nmoments: its contents were changed\n" in output


def test_without_keys_the_command_says_where_they_may_be(says):
    code, output = says(good())

    assert code == 3
    assert f"--keys {ISSUER}/.well-known/inzage-keys.json" in output


@pytest.mark.parametrize("raw", [good()[:-200], b"%PDF-1.7", written(certificate(version=99))], ids=["cut", "paper", "99"])
def test_what_the_command_cannot_read_ends_in_2(says, raw):
    assert says(raw)[0] == 2


def test_for_programs_it_says_what_it_checked(says):
    said = json.loads(says(tampered(), "--json")[1])

    assert (said["kind"], said["state"], [fault["code"] for fault in said["faults"]]) == ("certificate", "tampered", ["changed", "changed"])


def test_nothing_in_it_moves_the_cursor_of_a_terminal(says):
    output = says(written({**MADE, "number": "\x1b[2J\u202e", "more\x1b[2J": 1}))[1]

    assert output.isprintable() or set(filter(lambda letter: not letter.isprintable(), output)) == {"\n"}


@pytest.mark.worker
def test_it_needs_neither_django_nor_a_network(tmp_path):
    (tmp_path / "certificate.json").write_bytes(good())
    (tmp_path / "keys.json").write_text(json.dumps(JWKS))
    command = [sys.executable, "-c", ALONE, str(tmp_path / "certificate.json"), "--keys", str(tmp_path / "keys.json")]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
