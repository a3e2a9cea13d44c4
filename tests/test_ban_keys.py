"""The address of a ban is sealed to the custodian, and the list is made anew under new keys by her alone (D-3)."""

from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from accounts.bans import ban, digests, is_banned
from accounts.errors import CustodianKeyWrong, NothingSealed
from accounts.management.commands import custodian_key, rotate_ban_key
from accounts.misconduct import keeping, rotating, sealing
from accounts.models import Ban
from privacy.models import TrailEntry

from .misconduct import PASSPHRASE, give_custodian_key

pytestmark = pytest.mark.django_db
GROUNDS = {"breach": "Sold addresses of colleagues.", "notices": "On 3 March and on 2 April."}
ADDRESS = "carl@elders.example"


@pytest.fixture
def key_file(settings):
    return give_custodian_key(settings)


@pytest.fixture
def private(key_file):
    return sealing.read_private(key_file, PASSPHRASE)


def read(banned, carla, key_file, passphrase=PASSPHRASE):
    return keeping.read_address(banned, key_file=key_file, passphrase=passphrase, reason="review", by=carla.subject)


def test_the_custodian_reads_the_address_and_it_is_noted(carla, key_file):
    banned = ban(ADDRESS, **GROUNDS)

    assert read(banned, carla, key_file) == ADDRESS

    entry = TrailEntry.objects.get(event="ban.address_read")
    assert (entry.actor_ref, entry.reason) == (str(carla.subject_id), "review")


def test_the_row_holds_no_address_and_does_not_tell_how_long_it_is(key_file):
    """G-40."""
    rows = [ban(address, **GROUNDS) for address in ("a@b.example", f"{'x' * 60}@{'y' * 60}.example")]

    assert len({len(row.sealed_address) for row in rows}) == 1
    assert not any(b"example" in bytes(row.sealed_address) for row in rows)


def test_the_same_address_is_sealed_differently_each_time(key_file):
    assert sealing.seal(ADDRESS, "d") != sealing.seal(ADDRESS, "d")


@pytest.mark.parametrize(
    ("file", "passphrase"), [(None, "een andere zin"), (b"", PASSPHRASE), (b"\0" * 4000, PASSPHRASE), ("another", PASSPHRASE), ("rsa", "")]
)
def test_another_key_opens_nothing_and_the_try_is_noted(carla, key_file, settings, file, passphrase):
    banned = ban(ADDRESS, **GROUNDS)
    no_key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    wrong = {None: key_file, "another": sealing.make_pair(PASSPHRASE)[0].encode(), "rsa": no_key}

    with pytest.raises(CustodianKeyWrong):
        read(banned, carla, wrong.get(file, file), passphrase)

    assert list(TrailEntry.objects.exclude(event__in=["ban.added", "role.given"]).values_list("event", flat=True)) == ["ban.wrong_key"]


def test_a_sealed_address_opens_beside_its_own_digest_alone(private):
    """Else somebody who writes in the database could have another address read."""
    sealed, _number = sealing.seal(ADDRESS, "one")

    with pytest.raises(CustodianKeyWrong):
        sealing.unseal(sealed, "two", private)


def test_without_a_key_a_ban_works_and_holds_no_address(carla, settings):
    settings.CUSTODIAN_KEY = ""

    banned = ban(ADDRESS, **GROUNDS)

    assert is_banned(ADDRESS)
    with pytest.raises(NothingSealed):
        read(banned, carla, b"")


@pytest.mark.parametrize("wrong", ["x", "AAAA", "é", "A" * 400])
def test_a_setting_that_is_no_key_is_refused_in_words(settings, wrong):
    settings.CUSTODIAN_KEY = wrong

    with pytest.raises(ImproperlyConfigured, match="custodian_key"):
        sealing.current()


def rotate(key_file, tmp_path, monkeypatch, passphrase=PASSPHRASE):
    (tmp_path / "key.pem").write_bytes(key_file)
    monkeypatch.setattr(rotate_ban_key, "getpass", lambda _prompt: passphrase)
    said = StringIO()
    call_command("rotate_ban_key", tmp_path / "key.pem", stdout=said)
    return said.getvalue()


def test_every_digest_is_made_anew_and_the_old_key_can_go(key_file, settings, tmp_path, monkeypatch):
    settings.BAN_KEYS = {"1": "old"}
    for name in ("carl", "dirk"):
        ban(f"{name}@elders.example", **GROUNDS)
    settings.BAN_KEYS = {"1": "old", "2": "new"}

    said = rotate(key_file, tmp_path, monkeypatch)

    assert ("2 now under key 2" in said, "none left" in said) == (True, True)
    settings.BAN_KEYS = {"2": "new"}
    assert is_banned("CARL@elders.example")
    assert set(Ban.objects.values_list("key_id", flat=True)) == {"2"}


def test_broken_off_it_goes_on_where_it_was(private, settings):
    settings.BAN_KEYS = {"1": "old"}
    for number in range(5):
        ban(f"carl{number}@elders.example", **GROUNDS)
    settings.BAN_KEYS = {"1": "old", "2": "new"}
    rows = iter(range(2))

    def kill(_rows):
        if next(rows, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotating.rotate(private, progress=kill)

    assert rotating.behind().count() == 2
    assert all(is_banned(f"carl{number}@elders.example") for number in range(5))
    assert rotating.rotate(private) == {"renewed": 2}


def test_what_cannot_be_opened_stays_and_is_said(private, settings, key_file, tmp_path, monkeypatch):
    settings.BAN_KEYS = {"1": "old"}
    ours, settings.CUSTODIAN_KEY = settings.CUSTODIAN_KEY, sealing.make_pair(PASSPHRASE)[1]
    ban("other@elders.example", **GROUNDS)
    settings.CUSTODIAN_KEY = ""
    ban("none@elders.example", **GROUNDS)
    settings.CUSTODIAN_KEY, settings.BAN_KEYS = ours, {"1": "old", "2": "new"}

    said = rotate(key_file, tmp_path, monkeypatch)

    assert [words in said for words in ("1 have no sealed address", "1 are sealed to another key", "2 left under an older key")] == [
        True
    ] * 3
    assert is_banned("other@elders.example", "none@elders.example")


def test_an_address_that_was_listed_twice_is_left_and_said(private, settings):
    """Two servers, of which one knew the new key earlier."""
    settings.BAN_KEYS = {"1": "old"}
    ban(ADDRESS, **GROUNDS)
    settings.BAN_KEYS = {"2": "new"}
    ban(ADDRESS, **GROUNDS)
    settings.BAN_KEYS = {"1": "old", "2": "new"}

    assert rotating.rotate(private) == {"twice": 1}
    assert Ban.objects.filter(digest__in=digests(ADDRESS).values()).count() == 2


def test_a_new_key_of_the_custodian_takes_over(private, settings):
    ban(ADDRESS, **GROUNDS)
    file, settings.CUSTODIAN_KEY = sealing.make_pair(PASSPHRASE)

    assert rotating.rotate(private) == {"renewed": 1}

    banned = Ban.objects.get()
    assert sealing.unseal(banned.sealed_address, banned.digest, sealing.read_private(file.encode(), PASSPHRASE)) == ADDRESS


def test_a_wrong_passphrase_changes_nothing(key_file, tmp_path, monkeypatch):
    with pytest.raises(CommandError, match="does not open"):
        rotate(key_file, tmp_path, monkeypatch, passphrase="een andere")


def test_the_command_makes_a_key_file_that_only_its_passphrase_opens(tmp_path, monkeypatch, settings, capsys):
    monkeypatch.setattr(custodian_key, "getpass", lambda _prompt: PASSPHRASE)
    file = tmp_path / "carla.pem"

    call_command("custodian_key", file)

    settings.CUSTODIAN_KEY = capsys.readouterr().out.strip().removeprefix("INZAGE_CUSTODIAN_KEY=")
    assert sealing.number_of(sealing.read_private(file.read_bytes(), PASSPHRASE).public_key()) == sealing.current()
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("custodian_key", file)


@pytest.mark.parametrize("typed", [["kort"] * 2, [PASSPHRASE, PASSPHRASE + "x"]])
def test_a_weak_or_mistyped_passphrase_makes_no_file(tmp_path, monkeypatch, typed):
    answers = iter(typed)
    monkeypatch.setattr(custodian_key, "getpass", lambda _prompt: next(answers))

    with pytest.raises(CommandError):
        call_command("custodian_key", tmp_path / "carla.pem")

    assert not list(tmp_path.glob("*.pem"))
