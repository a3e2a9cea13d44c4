"""The key that signs archives: made once, changed at will, its public half where anybody finds it."""

import json
import stat
import subprocess
import sys
from io import StringIO
from pathlib import Path

import jwt
import pytest
from django.core.management import CommandError, call_command

from privacy.conf import store
from privacy.evidence.signing import public_keys, sign
from privacy.verify import jose

ROOT = Path(__file__).resolve().parent.parent
PAYLOAD = '{"format": "inzage-archive", "title": "Favorieten é"}'.encode()
ADDRESS = "/.well-known/inzage-keys.json"
# Another process, which signs once it hears that all are ready.
SIGNER = """
import sys, django
django.setup()
from django.conf import settings
from privacy.evidence.signing import sign
settings.PRIVACY["STORE"] = sys.argv[1]
print("ready", flush=True)
sys.stdin.read()
print(sign(b"x"))
"""


def key_files():
    return sorted(file.name for file in store("keys", "signing").iterdir())


def kid_of(line):
    return json.loads(jose.from_base64url(line.partition(".")[0]))["kid"]


def opened(line, payload=PAYLOAD):
    """As a JOSE library that is not ours reads it, once the payload is put back (RFC 7515, appendix F)."""
    head, _nothing, signature = line.split(".")
    key = jwt.PyJWKSet.from_dict(public_keys())[kid_of(line)]
    return jwt.api_jws.decode_complete(f"{head}.{jose.base64url(payload)}.{signature}", key, algorithms=["EdDSA"])


def rotate():
    said = StringIO()
    call_command("rotate_signing_key", stdout=said)
    return said.getvalue().splitlines()


def test_another_library_finds_the_signature_valid(settings):
    settings.PRIVACY = {**settings.PRIVACY, "SITE": "https://www.platform.example"}
    line = sign(PAYLOAD)

    assert opened(line)["header"] == {"alg": "EdDSA", "kid": kid_of(line), "typ": "inzage-manifest", "iss": "https://www.platform.example"}
    assert line.split(".")[1] == ""


def test_another_library_refuses_it_for_other_bytes():
    line = sign(PAYLOAD)

    with pytest.raises(jwt.InvalidSignatureError):
        opened(line, PAYLOAD + b" ")


def test_a_key_has_the_number_that_the_standard_gives_it():
    """The example of RFC 8037, appendix A.3."""
    key = jose.keys_of({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})

    assert list(key) == ["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"]


def test_the_signature_is_the_one_of_the_standard():
    """The key and signature of RFC 8037, appendix A.4, whose payload and header are others: what is signed is put together as there."""
    key = jose.Ed25519PrivateKey.from_private_bytes(jose.from_base64url("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
    head = jose.base64url(b'{"alg":"EdDSA"}')

    signature = jose.base64url(key.sign(jose._signed(head, b"Example of Ed25519 signing")))

    assert signature == "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"


def test_one_key_is_made_and_only_its_owner_reads_it():
    first, second = kid_of(sign(PAYLOAD)), kid_of(sign(b"other"))

    assert first == second
    assert key_files() == sorted([f"{first}.jwk", "current.key"])
    assert stat.S_IMODE((store("keys", "signing") / "current.key").stat().st_mode) == 0o600


@pytest.mark.worker
def test_processes_that_make_the_first_key_at_once_make_one(tmp_path):
    signers = [_signer(tmp_path) for _number in range(4)]
    assert [signer.stdout.readline() for signer in signers] == ["ready\n"] * len(signers)

    for signer in signers:
        signer.stdin.close()

    lines = [signer.stdout.read().strip() for signer in signers]
    assert [signer.wait() for signer in signers] == [0] * len(signers)
    assert len({kid_of(line) for line in lines}) == 1
    assert len(list((tmp_path / "keys" / "signing").iterdir())) == 2


def _signer(folder):
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", SIGNER, folder], env=environment, cwd=ROOT, **pipes)


def test_who_comes_second_takes_the_key_of_who_came_first(monkeypatch):
    """Both saw that there was none; the second finds one when it wants to put its own there."""
    monkeypatch.setattr("privacy.evidence.signing._private", lambda: put_there_meanwhile())
    folder, calls = store("keys", "signing"), []

    def put_there_meanwhile():
        calls.append(1)
        if len(calls) == 2:
            (folder / "current.key").write_bytes(bytes(32))
        return folder / "current.key"

    line = sign(PAYLOAD)

    assert kid_of(line) == jose.jwk_of(jose.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())["kid"]
    assert key_files() == ["current.key"]


def test_after_a_change_of_keys_the_old_signature_still_holds():
    before = sign(PAYLOAD)

    said = rotate()

    after = sign(PAYLOAD)
    assert [key["kid"] for key in public_keys()["keys"]] == [kid_of(after), kid_of(before)]
    assert opened(before)["payload"] == opened(after)["payload"] == PAYLOAD
    assert said == [f"signs from now on: {kid_of(after)}", f"still listed: {kid_of(before)}"]


def test_a_change_of_keys_destroys_the_private_half_of_the_old_one():
    sign(PAYLOAD)
    old = (store("keys", "signing") / "current.key").read_bytes()

    rotate()

    assert all(old not in file.read_bytes() for file in store("keys", "signing").iterdir())
    assert len(key_files()) == 3


@pytest.mark.parametrize("damage", [b"", b"short", bytes(33)])
def test_a_damaged_key_is_said_in_one_line_and_not_replaced(damage):
    sign(PAYLOAD)
    file = store("keys", "signing") / "current.key"
    file.write_bytes(damage)

    with pytest.raises(Exception, match=r"current\.key"):
        sign(PAYLOAD)
    assert file.read_bytes() == damage


def test_where_the_keys_cannot_be_written_the_command_says_so(monkeypatch):
    monkeypatch.setattr("privacy.evidence.signing.create", lambda path: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))

    with pytest.raises(CommandError, match="cannot be written to") as refusal:
        rotate()

    assert refusal.value.returncode == 1


def test_the_public_keys_stand_at_their_address(client):
    """No mark for the database: whoever asks it, fails."""
    sign(PAYLOAD)

    answer = client.get(ADDRESS)

    assert answer.json() == public_keys()
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/jwk-set+json", "public, max-age=3600")
    assert not answer.cookies


def test_they_are_the_same_for_who_has_a_session(client):
    client.cookies["sessionid"] = "a session that would be looked up"

    assert client.get(ADDRESS).status_code == 200
    assert "Cookie" not in client.get(ADDRESS).headers.get("Vary", "")


@pytest.mark.parametrize(("method", "status"), [("head", 200), ("post", 405), ("put", 405), ("delete", 405)])
def test_they_are_only_read(client, method, status):
    assert getattr(client, method)(ADDRESS).status_code == status
