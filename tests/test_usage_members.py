"""The public page of a member: who sees what, and that nobody can tell who left."""

import re
import uuid

import pytest
from django.urls import reverse

from accounts.models import Member
from privacy.rights import erasure
from usage.models import Publication

from .makers import make_follow, make_publication, make_resource
from .reading import questions, words_of
from .signing_in import browser_of


def page_of(member) -> str:
    return reverse("usage:member", args=[member.pk])


def read(browser, member) -> str:
    return words_of(browser.get(page_of(member), headers={"accept-language": "en"}).content.decode())


def without_tokens(answer) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


def hide(member):
    erasure.hide(member.subject)


def close_out(member):
    Member.objects.filter(pk=member.pk).update(is_active=False)


def test_a_visitor_reads_name_and_publications(client, an):
    make_publication(an, make_resource("Breuken vergelijken"))

    said = read(client, an)

    assert "An Peeters" in said
    assert "Breuken vergelijken" in said


def test_nobody_reads_address_birth_date_or_gender(client, an, bo):
    """K-3."""
    for browser in (client, browser_of(bo)):
        page = browser.get(page_of(an)).content.decode()

        for private in (an.email, "1985", "12 april", "april 12", "vrouw"):
            assert private not in page


def test_town_and_work_are_for_signed_in_members(client, an, bo):
    assert an.town not in read(client, an)
    assert an.town in read(browser_of(bo), an)
    assert an.occupation in read(browser_of(bo), an)


def test_what_was_published_without_a_name_is_not_listed(client, an):
    """A list would give the name away that she left out."""
    make_publication(an, make_resource("Zonder naam"), shown_name="")

    assert "Zonder naam" not in read(client, an)


def test_what_was_taken_back_is_not_listed(client, an):
    publication = make_publication(an, make_resource("Teruggenomen"))
    publication.resource.removed_at = publication.published_at
    publication.resource.save()

    assert "Teruggenomen" not in read(client, an)


def test_publications_come_in_pages_of_twenty(client, an):
    for number in range(21):
        make_publication(an, make_resource(f"Les {number:02}"))

    assert "Les 20" in read(client, an)
    assert "Les 00" not in read(client, an)
    assert "Les 00" in words_of(client.get(page_of(an), {"page": "2"}).content.decode())


@pytest.mark.parametrize("leave", [hide, close_out])
def test_hidden_closed_out_and_unknown_are_the_same_page(client, an, bo, leave):
    """K-14: nobody can tell who asked for erasure."""
    make_publication(an)
    leave(an)

    for browser in (client, browser_of(bo)):
        answers = [browser.get(reverse("usage:member", args=[key])) for key in (an.pk, uuid.uuid4())]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert without_tokens(answers[0]) == without_tokens(answers[1])


def test_writing_to_hidden_and_to_unknown_members_looks_the_same(an, bo):
    """K-14."""
    browser = browser_of(bo)
    hide(an)

    answers = [browser.post(reverse("usage:write", args=[key]), {"text": "Dag"}) for key in (an.pk, uuid.uuid4())]

    assert without_tokens(answers[0]) == without_tokens(answers[1])


def test_her_own_page_tells_how_many_follow_her_and_not_who(an, bo):
    make_follow(bo, an)

    said = read(browser_of(an), an)

    assert "1 member follows you." in said
    assert "Bo" not in said


def test_others_do_not_read_how_many_follow_her(client, an, bo):
    make_follow(bo, an)

    assert "follows" not in read(client, an)
    assert "follows" not in read(browser_of(bo), an)


def test_a_page_asks_as_much_with_many_publications_as_with_few(an, bo):
    browser = browser_of(bo)
    make_publication(an)
    few = questions(browser, page_of(an))
    for _number in range(15):
        make_publication(an, make_resource())

    assert questions(browser, page_of(an)) == few


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202eomgekeerd", "😀" * 50])
def test_strange_names_stay_text(client, an, name):
    Member.objects.filter(pk=an.pk).update(first_name=name, last_name="")
    Publication.objects.all().delete()

    page = client.get(page_of(an)).content.decode()

    assert "<script>alert" not in page
