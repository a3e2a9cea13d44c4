"""The list of banned addresses knows a mailbox in every spelling, holds no address, and is filled on two grounds only."""

import pytest

from accounts.bans import ban, is_banned
from accounts.errors import AddressInvalid, BanUnfounded
from accounts.models import Ban, Member
from accounts.personal_data import BanMap
from privacy.models import TrailEntry
from privacy.subjects import rows_concerning

pytestmark = pytest.mark.django_db

GROUNDS = {"breach": "Sold addresses of colleagues.", "notices": "On 3 March and on 2 April."}


def test_a_ban_knows_the_address_and_no_other():
    """K-7."""
    ban("carl@elders.example", **GROUNDS)

    assert is_banned("carl@elders.example")
    assert not is_banned("karl@elders.example")


@pytest.mark.parametrize(
    "spelling",
    [
        "CARL@ELDERS.EXAMPLE",
        "  carl@elders.example\t",
        "\uff43\uff41\uff52\uff4c@elders.example",
        "carl@\uff45lders.example",
        "carl@elders\u3002example",
        "\u212aarl@elders.example".replace("\u212aarl", "carl"),
    ],
)
def test_a_ban_knows_the_address_in_every_spelling(spelling):
    """T-16."""
    ban("Carl@Elders.example", **GROUNDS)

    assert is_banned(spelling)


@pytest.mark.parametrize("spelling", ["carl@stra\u00dfe.example", "CARL@STRA\u1e9eE.example", "carl@xn--strae-oqa.example"])
def test_a_ban_knows_a_domain_written_out_or_in_ascii(spelling):
    """T-16: but not the other domain that an older rule made of it."""
    ban("carl@stra\u00dfe.example", **GROUNDS)

    assert is_banned(spelling)
    assert not is_banned("carl@strasse.example")


@pytest.mark.parametrize(
    "text", ["", "carl", "carl@", "@elders.example", "ca\0rl@elders.example", "x" * 10_000, "carl@\u202eelders.example"]
)
def test_what_is_no_address_is_not_banned_and_cannot_be(text):
    assert not is_banned(text)

    with pytest.raises(AddressInvalid):
        ban(text, **GROUNDS)


@pytest.mark.parametrize("missing", ["breach", "notices"])
@pytest.mark.parametrize("empty", ["", " \n"])
def test_a_ban_needs_a_serious_breach_and_repeated_notices(missing, empty):
    """K-7."""
    with pytest.raises(BanUnfounded):
        ban("carl@elders.example", **GROUNDS | {missing: empty})

    assert not is_banned("carl@elders.example")


def test_the_list_holds_no_address():
    """G-40."""
    listed = ban("carl@elders.example", **GROUNDS)

    row = " ".join(str(value) for value in Ban.objects.filter(pk=listed.pk).values_list().get())
    assert "carl" not in row
    assert "elders" not in row


def test_a_ban_stands_in_the_trail_with_whom_and_by_whom(an):
    ban(an.email, **GROUNDS, actor_ref="moderator")

    entry = TrailEntry.objects.get()
    assert (entry.event, entry.subject_ref, entry.actor_ref) == ("ban.added", an.subject_id, "moderator")


def test_banning_twice_keeps_the_first_ban(settings):
    settings.BAN_KEYS = {"1": "old"}
    first = ban("carl@elders.example", **GROUNDS)

    settings.BAN_KEYS = {"1": "old", "2": "new"}
    again = ban("CARL@elders.example", breach="Something else.", notices="Once more.")

    assert (again, Ban.objects.get().breach) == (first, GROUNDS["breach"])
    assert TrailEntry.objects.count() == 1


def test_a_ban_under_an_older_key_still_counts_and_new_ones_take_the_newest(settings):
    settings.BAN_KEYS = {"1": "old"}
    ban("carl@elders.example", **GROUNDS)

    settings.BAN_KEYS = {"1": "old", "2": "new"}

    assert is_banned("carl@elders.example")
    assert ban("dirk@elders.example", **GROUNDS).key_id == "2"


def test_looking_up_takes_one_query_however_many_keys(settings, django_assert_num_queries):
    settings.BAN_KEYS = {"1": "old", "2": "newer", "3": "new"}

    with django_assert_num_queries(1):
        is_banned("carl@elders.example")


@pytest.mark.parametrize("keys", [{"1": "old"}, {"1": "old", "2": "new"}])
def test_ans_ban_is_found_as_hers_and_not_as_bos(keys, an, bo, settings):
    """K-7: her access copy tells her that the address is listed and why."""
    settings.BAN_KEYS = {"1": "old"}
    listed = ban(an.email, **GROUNDS)

    settings.BAN_KEYS = keys

    assert list(rows_concerning(BanMap, an.subject)) == [listed]
    assert not rows_concerning(BanMap, bo.subject).exists()


def test_an_address_that_an_did_not_confirm_shows_her_nobodys_ban(an):
    """T-17."""
    ban("carl@elders.example", **GROUNDS)

    an.emailaddress_set.create(email="carl@elders.example", verified=False)

    assert not rows_concerning(BanMap, an.subject).exists()


def test_the_list_is_kept_told_and_never_portable():
    """K-7, G-40."""
    told = {line.name for line in BanMap.accessible_lines()}

    assert BanMap.row.name == "kept"
    assert {"breach", "notices", "banned_at"} <= told
    assert BanMap.portable_lines() == []


@pytest.mark.parametrize("spelling", ['"carl"@elders.example', '"c\\arl"@elders.example'])
def test_a_quoted_name_is_no_way_round_a_ban(client, spelling):
    """T-16: it names the same mailbox."""
    ban("carl@elders.example", **GROUNDS)

    client.post("/account/signup/", {"email": spelling, "password1": "een goed wachtwoord", "password2": "een goed wachtwoord"})

    assert not Member.objects.exists()
