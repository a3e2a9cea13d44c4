"""Withdrawing consent: what rests on it alone goes."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from privacy.datamap import LawfulBasis, anonymised, blank, delete_file, detach, keep, person, provided, shared
from privacy.rights.withdrawal import erase_what_rests_on_consent

from .beside import declared, key_to, make_table
from .makers import make_message
from .properties.traces import snapshot

CONSENT = LawfulBasis.CONSENT


def test_what_rests_on_consent_alone_is_emptied_and_the_rest_stays(an, bo):
    """K-3."""
    written = erase_what_rests_on_consent(an.subject)

    an.refresh_from_db()
    bo.refresh_from_db()
    assert (an.about_me, an.website, an.social_networks, an.town) == ("", "", "", "9000 Gent")
    assert bo.about_me
    assert written == 1


def test_only_the_columns_that_are_named(an):
    erase_what_rests_on_consent(an.subject, {"accounts.Member.website"})

    an.refresh_from_db()
    assert (an.website, bool(an.about_me)) == ("", True)


def test_a_second_time_it_changes_nothing(an, bo):
    make_message(an, bo)
    erase_what_rests_on_consent(an.subject)
    before = snapshot()

    erase_what_rests_on_consent(an.subject)

    assert snapshot() == before


@pytest.mark.parametrize("who", ["giver", "taker"])
def test_in_a_row_of_two_people_only_what_is_hers_goes(an, bo, who):
    notes = make_table("Note", giver=key_to(), taker=key_to(), said=models.TextField(), answered=models.TextField())
    other = {"giver": "taker", "taker": "giver"}[who]
    row = notes.objects.create(**{who: an, other: bo}, said="a", answered="b")
    said = provided(belongs_to="giver", basis=CONSENT, erase=blank)
    answered = provided(belongs_to="taker", basis=CONSENT, erase=blank)

    with declared(notes, shared, giver=person(erase=detach), taker=person(erase=detach), said=said, answered=answered):
        erase_what_rests_on_consent(an.subject)

    row.refresh_from_db()
    assert (row.said, row.answered) == (("", "b") if who == "giver" else ("a", ""))
    assert {row.giver_id, row.taker_id} == {an.pk, bo.pk}


def test_a_file_that_rests_on_consent_goes_with_it(an, django_capture_on_commit_callbacks):
    """K-3: the profile photo is optional."""
    photos = make_table("Photo", member=key_to(), file=models.FileField(), title=models.TextField())
    name = default_storage.save("an.jpg", ContentFile(b"x"))
    row = photos.objects.create(member=an, file=name, title="x")
    lines = {"member": person(erase=detach), "file": provided(basis=CONSENT, erase=delete_file), "title": provided(erase=keep("a title"))}

    with declared(photos, anonymised, **lines), django_capture_on_commit_callbacks(execute=True):
        erase_what_rests_on_consent(an.subject)
        assert default_storage.exists(name)

    row.refresh_from_db()
    assert (row.file.name, row.member_id) == ("", an.pk)
    assert not default_storage.exists(name)
