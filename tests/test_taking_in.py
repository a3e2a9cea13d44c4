"""What a person brings from elsewhere: her own rows alone, found again by their words, never over what is here."""

import uuid
from datetime import UTC, datetime

import pytest

from accounts.models import ProfileConsentEvent
from privacy.errors import AccountNotOpen
from privacy.evidence.trail import TrailEntry
from privacy.rights import erasure
from privacy.rights.own_row import Why
from usage.models import Comment, Favourite, Folder, Publication, ResourceView, Score

from .archives import archive_of
from .brought import BREUKEN, EVERYTHING, MOMENT, archive, counts_of, looked_at, taken_in
from .makers import (
    make_comment,
    make_favourite,
    make_folder,
    make_member,
    make_picture,
    make_publication,
    make_resource,
    make_score,
)
from .properties.acts import erase
from .races import at_once, needs_threads

pytestmark = pytest.mark.django_db

FOLDER = {"id": 41, "name": "Voor maandag"}
FAVOURITE = {"id": str(uuid.UUID(int=5)), "folder": 41, "resource": 17, "note": "eerst dit", "added_at": MOMENT}
COMMENT = {"id": str(uuid.UUID(int=6)), "shown_name": "Iemand Anders", "resource": 17, "text": "Heel bruikbaar.", "published_at": MOMENT}
PUBLICATION = {
    "id": str(uuid.UUID(int=7)),
    "resource": 17,
    "shown_name": "Iemand Anders",
    "description": "Een les.",
    "town": "9000 Gent",
    "file": "resources/abc",
    "file_name": "les.txt",
    "published_at": MOMENT,
}


def brought_by(member, rows, **options):
    return archive(rows, subject=member.subject.ref, **options)


@pytest.fixture
def breuken(db):
    return make_resource("Breuken")


def test_folders_and_what_is_in_them_find_their_material_by_its_words(an, breuken):
    raw = brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]})

    report = taken_in(an, raw)

    kept = Favourite.objects.get()
    assert (kept.folder.member, kept.folder.name, kept.resource, kept.note) == (an, "Voor maandag", breuken, "eerst dit")
    assert kept.added_at == datetime(2024, 3, 1, 12, tzinfo=UTC)
    assert counts_of(report, "usage.Favourite") == (1, 0, 0, 0)


def test_keys_are_drawn_here(an, breuken):
    make_folder(make_member("Bo"), "van Bo")

    taken_in(an, brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]}))

    assert str(Favourite.objects.get().pk) != FAVOURITE["id"]
    assert Folder.objects.get(member=an).pk != FOLDER["id"]


def test_looking_changes_nothing_and_says_what_taking_in_does(an, breuken):
    raw = brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER], "usage.Comment": [COMMENT]})

    seen = looked_at(an, raw)

    assert not Folder.objects.exists()
    assert not TrailEntry.objects.exists()
    done = taken_in(an, raw)
    for record in ("usage.Favourite", "usage.Folder", "usage.Comment"):
        assert counts_of(seen, record) == counts_of(done, record) == (1, 0, 0, 0)


def test_a_second_time_changes_nothing(an, breuken):
    rows = {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER], "usage.Comment": [COMMENT]}
    raw = brought_by(an, rows)
    taken_in(an, raw)

    report = taken_in(an, raw)

    assert all(counts_of(report, record) == (0, 1, 0, 0) for record in rows)
    assert (Folder.objects.count(), Favourite.objects.count(), Comment.objects.count()) == (1, 1, 1)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("moment", ["2024-03-01", "2024-03-01T12:00:00", "2024-03-01T12:00:00+05:30", "2024-03-01T12:00:00Z"])
def test_however_a_moment_is_written_a_second_time_changes_nothing(an, moment):
    raw = brought_by(an, {"usage.Search": [{"id": 1, "words": "breuken", "searched_at": moment}]})
    taken_in(an, raw)

    assert counts_of(taken_in(an, raw), "usage.Search") == (0, 1, 0, 0)


def test_two_rows_that_say_the_same_are_two_rows_and_stay_two(an):
    raw = brought_by(an, {"usage.Search": [{"id": 1, "words": "breuken", "searched_at": MOMENT}] * 2})
    taken_in(an, raw)

    report = taken_in(an, raw)

    assert counts_of(report, "usage.Search") == (0, 2, 0, 0)


def test_the_same_archive_twice_at_once_is_taken_in_once(transactional_db):
    needs_threads()
    an = make_member("An")
    raw = brought_by(an, {"usage.Folder": [FOLDER], "usage.Search": [{"words": str(nth), "searched_at": MOMENT} for nth in range(50)]})

    reports = at_once(lambda: taken_in(an, raw), lambda: taken_in(an, raw))

    assert sorted(counts_of(report, "usage.Search")[:2] for report in reports) == [(0, 50), (50, 0)]
    assert Folder.objects.count() == 1


def test_what_was_broken_off_is_begun_again(an, breuken, monkeypatch):
    raw = brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]})
    monkeypatch.setattr("usage.models.Favourite._base_manager.bulk_create", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taken_in(an, raw)
    monkeypatch.undo()

    report = taken_in(an, raw)

    assert (counts_of(report, "usage.Folder"), counts_of(report, "usage.Favourite")) == ((0, 1, 0, 0), (1, 0, 0, 0))


@pytest.mark.parametrize("how_many", [0, 2])
def test_material_that_is_not_here_exactly_once_is_named_as_such(an, how_many):
    for _ in range(how_many):
        make_resource("Breuken")

    report = taken_in(an, brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]}))

    assert counts_of(report, "usage.Favourite") == (0, 0, 0, 1)
    assert counts_of(report, "usage.Folder") == (1, 0, 0, 0)


def test_removed_material_is_nobody_knows_which(an):
    make_resource("")

    report = looked_at(
        an,
        brought_by(
            an,
            {"usage.Score": [{"id": 1, "resource": 17, "value": 3, "given_at": MOMENT}]},
            references=[{**BREUKEN, "known_by": {**BREUKEN["known_by"], "title": ""}}],
        ),
    )

    assert counts_of(report, "usage.Score") == (0, 0, 0, 1)


def test_another_opinion_of_hers_stays_as_it_is_here(an, breuken):
    make_score(an, breuken, 2)

    report = taken_in(an, brought_by(an, {"usage.Score": [{"id": 1, "resource": 17, "value": 5, "given_at": MOMENT}]}))

    assert counts_of(report, "usage.Score") == (0, 0, 1, 0)
    assert Score.objects.get().value == 2


def test_another_note_in_the_same_folder_stays_as_it_is_here(an, breuken):
    make_favourite(an, breuken, folder=make_folder(an, "Voor maandag"), note="van hier")

    report = taken_in(an, brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]}))

    assert counts_of(report, "usage.Favourite") == (0, 0, 1, 0)
    assert Favourite.objects.get().note == "van hier"


def test_only_what_she_ticked_is_taken_in(an, breuken):
    raw = brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER], "usage.Comment": [COMMENT]})

    taken_in(an, raw, ticked={"usage.Folder"})

    assert (Folder.objects.count(), Favourite.objects.count(), Comment.objects.count()) == (1, 0, 0)


def test_without_its_folder_a_favourite_is_nobodys(an, breuken):
    raw = brought_by(an, {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]})

    report = taken_in(an, raw, ticked={"usage.Favourite"})

    assert counts_of(report, "usage.Favourite") == (0, 0, 0, 1)


def test_nothing_comes_with_anothers_name_or_key(an, bo, breuken):
    """The person is whoever is signed in, whatever columns a row holds besides."""
    view = {"id": 1, "member": str(bo.pk), "resource": 17, "viewed_at": MOMENT, "ip_address": "198.51.100.1"}

    taken_in(an, brought_by(an, {"usage.ResourceView": [view], "usage.Comment": [COMMENT | {"author": str(bo.pk)}]}))

    assert (ResourceView.objects.get().member, ResourceView.objects.get().ip_address) == (an, None)
    assert (Comment.objects.get().author, Comment.objects.get().shown_name) == (an, "An Peeters")


WAYS_IN = {
    "account.EmailAddress": [{"id": 1, "email": "dief@school.example", "verified": True, "primary": True}],
    "mfa.Authenticator": [{"id": 1, "type": "totp"}],
    "sessions.Session": [{"expire_date": "2030-01-01T00:00:00.000000Z"}],
    "socialaccount.SocialAccount": [{"id": 1, "provider": "openid_connect", "uid": "dief"}],
    "accounts.Member_groups": [{"id": 1, "group": 1}],
    "accounts.Member_user_permissions": [{"id": 1, "permission": 1}],
    "consents.PartnerGrant": [{"id": 1, "partner": 1, "attributes": ["email"]}],
    "accounts.Ban": [{"id": 1}],
    "privacy.DataSubjectRequest": [{"ref": "X"}],
}


@pytest.mark.parametrize("record", WAYS_IN)
def test_no_archive_opens_an_account_or_gives_rights_in_it(an, record):
    """T-29: what says who somebody is, or what she may do, stays where it was made."""
    everything = EVERYTHING | set(WAYS_IN)

    report = taken_in(an, brought_by(an, {record: WAYS_IN[record]}), ticked=everything)

    (category,) = report.categories
    assert (bool(category.stays), category.new) == (True, 0)


def test_record_types_that_we_have_not_are_named(an):
    report = looked_at(an, brought_by(an, {"shop.Order": [{"id": 1}], "usage.Nothing": [{"id": 1}]}))

    assert {category.label for category in report.left} == {"shop.Order", "usage.Nothing"}


def test_an_empty_field_of_the_account_is_filled_and_another_waits_for_her_word(an):
    type(an).objects.filter(pk=an.pk).update(town="", occupation="leraar", about_me="")
    came = {
        "id": str(an.pk),
        "town": "8000 Brugge",
        "occupation": "directeur",
        "about_me": "Dag.",
        "email": "x@y.example",
        "is_superuser": True,
    }

    report = taken_in(an, brought_by(an, {"accounts.Member": [came]}))

    an.refresh_from_db()
    assert (an.town, an.occupation, an.about_me, an.is_superuser) == ("8000 Brugge", "leraar", "", False)
    assert {offer.field.name: offer.why for offer in report.offers} == {
        "town": Why.FILLS,
        "occupation": Why.DIFFERS,
        "about_me": Why.CONSENT,
    }


def test_what_she_ticks_herself_is_consent_on_record(an):
    type(an).objects.filter(pk=an.pk).update(about_me="")

    taken_in(
        an,
        brought_by(an, {"accounts.Member": [{"id": 1, "about_me": "Dag.", "occupation": "directeur"}]}),
        ticked={"accounts.Member.about_me"},
    )

    an.refresh_from_db()
    assert (an.about_me, an.occupation) == ("Dag.", "geeft wiskunde, zegt an")
    assert ProfileConsentEvent.objects.get(subject_ref=an.subject.ref).attributes == ["about_me"]


def test_a_value_that_no_form_takes_keeps_the_others_from_nothing(an):
    type(an).objects.filter(pk=an.pk).update(website="", about_me="")
    came = {"id": 1, "website": "javascript:alert(1)", "about_me": "Dag.", "birth_date": "2999-01-01", "gender": ["x"]}
    ticked = {f"accounts.Member.{name}" for name in came}

    report = taken_in(an, brought_by(an, {"accounts.Member": [came]}), ticked=ticked)

    an.refresh_from_db()
    assert (an.website, an.about_me, an.gender) == ("", "Dag.", "female")
    assert {offer.field.name for offer in report.offers if offer.problem} == {"website", "birth_date", "gender"}


def test_a_photo_is_drawn_anew_once_she_agrees(an):
    came = {"accounts.Member": [{"id": 1, "photo": "photos/x.webp"}]}
    raw = brought_by(an, came, stored=[("accounts.Member", "photo", 1, make_picture(kind="PNG"))])

    taken_in(an, raw)
    an.refresh_from_db()
    assert not an.photo
    taken_in(an, raw, ticked={"accounts.Member.photo"})

    an.refresh_from_db()
    assert an.photo.name.endswith(".webp")


def test_a_photo_that_is_none_is_named(an):
    raw = brought_by(an, {"accounts.Member": [{"id": 1, "photo": "x"}]}, stored=[("accounts.Member", "photo", 1, b"<svg onload=alert(1)>")])

    report = taken_in(an, raw, ticked={"accounts.Member.photo"})

    assert report.offers[0].problem


def test_material_is_published_anew_with_its_file_and_what_points_at_it_follows(an):
    rows = {"usage.Publication": [PUBLICATION], "usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]}
    raw = brought_by(an, rows, stored=[("usage.Publication", "file", PUBLICATION["id"], b"Een les van vijftig minuten.")])

    report = taken_in(an, raw)

    published = Publication.objects.get()
    assert (published.author, published.shown_name, published.resource.title) == (an, "An Peeters", "Breuken")
    assert (published.file.read(), published.file_name) == (b"Een les van vijftig minuten.", "les.txt")
    assert Favourite.objects.get().resource == published.resource
    assert counts_of(looked_at(an, raw), "usage.Publication") == (0, 1, 0, 0)
    assert counts_of(report, "usage.Favourite") == (1, 0, 0, 0)


def test_material_with_a_program_in_it_is_refused_by_the_platforms_own_check(an):
    raw = brought_by(
        an, {"usage.Publication": [PUBLICATION]}, stored=[("usage.Publication", "file", PUBLICATION["id"], b"MZ\x00\x01\x02\xff")]
    )

    report = taken_in(an, raw)

    assert counts_of(report, "usage.Publication") == (0, 0, 0, 1)
    assert not Publication.objects.exists()


def test_material_whose_file_did_not_come_along_is_refused(an):
    report = taken_in(an, brought_by(an, {"usage.Publication": [PUBLICATION]}))

    assert counts_of(report, "usage.Publication") == (0, 0, 0, 1)


def test_material_that_is_not_ticked_does_not_carry_what_points_at_it(an):
    rows = {"usage.Publication": [PUBLICATION], "usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]}
    raw = brought_by(an, rows, stored=[("usage.Publication", "file", PUBLICATION["id"], b"Een les.")])

    report = taken_in(an, raw, ticked={"usage.Favourite", "usage.Folder"})

    assert counts_of(looked_at(an, raw), "usage.Publication") == (1, 0, 0, 0)
    assert counts_of(report, "usage.Favourite") == (0, 0, 0, 1)
    assert not Publication.objects.exists()


def test_material_that_is_not_ticked_is_whatever_has_its_words_here(an, breuken):
    rows = {"usage.Publication": [PUBLICATION], "usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER]}
    raw = brought_by(an, rows, stored=[("usage.Publication", "file", PUBLICATION["id"], b"Een les.")])

    taken_in(an, raw, ticked={"usage.Favourite", "usage.Folder"})

    assert Favourite.objects.get().resource == breuken


def test_what_comes_is_signed_with_the_name_that_comes_with_it(an, breuken):
    type(an).objects.filter(pk=an.pk).update(first_name="", last_name="")

    taken_in(an, brought_by(an, {"accounts.Member": [{"id": 1, "first_name": "An", "last_name": "Peeters"}], "usage.Comment": [COMMENT]}))

    assert Comment.objects.get().shown_name == "An Peeters"


def test_it_stands_in_the_trail(an):
    taken_in(an, brought_by(an, {"usage.Folder": [FOLDER]}))

    entry = TrailEntry.objects.get(event="arrival.taken_in")
    assert (entry.subject_ref, entry.actor_ref) == (an.subject.ref, str(an.subject.ref))


@pytest.mark.parametrize("what", ["hidden", "erased"])
def test_who_is_hidden_or_erased_meanwhile_takes_in_nothing(an, what):
    raw = brought_by(an, {"usage.Folder": [FOLDER]})
    if what == "hidden":
        erasure.hide(an.subject)
    else:
        erase(an.subject)

    with pytest.raises(AccountNotOpen):
        taken_in(an, raw)

    assert not Folder.objects.exists()


STRANGE = {
    "a text that is too long": {"name": "x" * 101},
    "a NUL": {"name": "a\x00b"},
    "half a sign": {"name": "\ud800"},
    "a list": {"name": ["Voor maandag"]},
    "an object": {"name": {"a": 1}},
    "a number": {"name": 7},
    "nothing": {"name": None},
    "an empty name": {"name": ""},
    "no name at all": {"title": "x"},
}


@pytest.mark.parametrize("row", STRANGE.values(), ids=STRANGE)
def test_a_row_that_does_not_fit_is_counted_with_the_reason(an, row):
    report = taken_in(an, brought_by(an, {"usage.Folder": [{"id": 1} | row, FOLDER]}))

    assert counts_of(report, "usage.Folder") == (1, 0, 0, 1)
    assert [folder.name for folder in Folder.objects.all()] == ["Voor maandag"]


def test_text_that_only_looks_like_a_nul_is_text(an):
    taken_in(an, brought_by(an, {"usage.Folder": [{"id": 1, "name": "wat is \\u0000?"}]}))

    assert Folder.objects.get().name == "wat is \\u0000?"


STRANGE_VIEWS = {
    "tomorrow": {"viewed_at": "2999-01-01T00:00:00.000000Z"},
    "before computers": {"viewed_at": "0001-01-01T00:00:00.000000Z"},
    "no moment": {"viewed_at": "gisteren"},
    "a moment as a number": {"viewed_at": 1},
    "a key that is an object": {"resource": {"$ne": 1}},
    "a key that is nowhere": {"resource": 10**30},
    "a key that is true": {"resource": True},
}


@pytest.mark.parametrize("change", STRANGE_VIEWS.values(), ids=STRANGE_VIEWS)
def test_a_strange_moment_or_key_is_refused(an, breuken, change):
    view = {"id": {"a": [1]}, "resource": 17, "viewed_at": MOMENT, "extra": "x" * 1000}

    report = taken_in(an, brought_by(an, {"usage.ResourceView": [view | change, view]}))

    assert counts_of(report, "usage.ResourceView") == (1, 0, 0, 1)


def test_a_value_out_of_its_bounds_is_refused_before_the_database_is_asked(an, breuken):
    scores = [{"id": 1, "resource": 17, "value": value, "given_at": MOMENT} for value in (6, -1, 10**20, "5", 4.5, True)]

    report = taken_in(an, brought_by(an, {"usage.Score": scores}))

    assert counts_of(report, "usage.Score") == (0, 0, 0, len(scores))


def test_what_only_the_database_refuses_takes_nothing_else_along(an, monkeypatch):
    """One row at a time, where many together are refused."""
    rows = [{"id": nth, "name": f"map {nth}"} for nth in range(3)]
    from django.db import IntegrityError

    create = Folder._base_manager.bulk_create

    def picky(rows):
        if any(row.name == "map 1" for row in rows):
            raise IntegrityError
        return create(rows)

    monkeypatch.setattr(Folder._base_manager, "bulk_create", picky)

    report = taken_in(an, brought_by(an, {"usage.Folder": rows}))

    assert counts_of(report, "usage.Folder") == (2, 0, 0, 1)


def test_an_archive_of_ours_brings_nothing_new_where_it_was_made(an, breuken):
    """As the product writes it, with everything in it."""
    make_favourite(an, breuken, folder=make_folder(an), note="eerst dit")
    make_score(an, breuken, 4)
    make_publication(an, make_resource("Kaartlezen"), text="Een les.")
    make_comment(an, breuken)

    report = taken_in(an, archive_of(an).raw)

    assert {each.label: each.here for each in report.taken if each.brought} == dict.fromkeys(
        ["usage.Comment", "usage.Favourite", "usage.Folder", "usage.Publication", "usage.Score"], 1
    )
    assert (report.new, report.offers) == (0, [])


def test_what_she_changed_since_is_told_apart_from_what_she_removed(an, breuken):
    kept = make_favourite(an, breuken, folder=make_folder(an), note="eerst dit")
    score = make_score(an, breuken, 4)
    raw = archive_of(an).raw
    Favourite.objects.filter(pk=kept.pk).update(note="toch niet")
    score.delete()

    report = taken_in(an, raw)

    assert counts_of(report, "usage.Favourite") == (0, 0, 1, 0)
    assert counts_of(report, "usage.Score") == (1, 0, 0, 0)
