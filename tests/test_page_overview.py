"""The start page: what do you know, who received it, what can I do."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from consents import permissions, releases
from privacy.casework import cases
from privacy.datamap import Right
from privacy.pages import cards, ribbons
from privacy.pages.following import Following

from .makers import make_grant, make_member, make_partner, make_resource, make_score, make_view
from .reading import questions
from .signing_in import browser_of

PAGE = reverse("privacy:overview")
HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "x" * 100, "\u202egnitset", "a & b"]


def shown(member, language="en"):
    browser = browser_of(member, headers={"accept-language": language})
    answer = browser.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def figures(page):
    """The three large ones on the board."""
    return re.findall(r'<b class="big">([\d.,]+)</b>', page)


def test_the_board_counts_what_we_know_who_received_it_and_what_she_can_do(an, edupartner):
    """G-21, G-22."""
    for _view in range(7):
        make_view(an)
    make_grant(an, edupartner)
    releases.release(edupartner, an)

    answer = browser_of(an, headers={"accept-language": "en"}).get(PAGE)

    assert figures(answer.content.decode()) == [str(answer.context["rows"]), "1", "9"]
    assert answer.context["rows"] == sum(bar["rows"] for bar in answer.context["bars"]) > 10
    assert "mostly viewed resources" in answer.content.decode()
    assert "The last time: Edupartner, today." in answer.content.decode()


def test_our_own_record_of_her_is_never_what_we_know_mostly(an, edupartner):
    grant = make_grant(an, edupartner)
    for _release in range(5):
        releases.release(edupartner, an)
    make_view(an, viewed_at=grant.granted_at)
    make_view(an)

    assert "mostly viewed resources" in shown(an)


def test_it_greets_by_first_name_and_without_one_by_none(an, db):
    nameless = make_member("", last_name="", email="niemand@school.example")

    assert "Hello An, this is how your data stand" in shown(an)
    assert "Hello, this is how your data stand" in shown(nameless)


def test_who_has_nothing_but_an_account_sees_no_empty_figure(an):
    page = shown(an)

    assert figures(page)[1] == "0"
    assert "Nothing left this platform." in page
    assert "Nobody outside this platform received your data." in page
    assert 'class="flow"' not in page


def test_every_right_has_a_card_that_leads_to_its_page(an):
    """G-21."""
    page = shown(an)

    for name in ("data", "download", "correct", "object", "restrict", "erase", "question", "complain"):
        assert f'<h3><a href="{reverse(f"privacy:{name}")}">' in page
    assert f'<h3><a href="{reverse("consents:permissions")}">' in page
    assert f'<a href="{reverse("privacy:complain")}">Complain</a>' in page
    assert '<a href="mailto:contact@apd-gba.be">' in page


def test_a_host_without_permissions_has_no_card_for_them(settings):
    settings.PRIVACY = {**settings.PRIVACY, "PERMISSIONS_PAGE": ""}

    assert [card.icon for card in cards.cards()] == ["eye", "down", "pen", "hand", "pause", "bin", "info", "voice"]


def test_what_is_under_way_is_said_on_top_with_a_link(an):
    archive, objection = (cases.submit(right, subject=an.subject) for right in (Right.ACCESS, Right.OBJECTION))
    cases.approve(archive, subject=an.subject)

    page = shown(an)

    for request, heading in ((archive, "Your archive is being made"), (objection, "We received your request")):
        assert f"<b>{Following(request).asked_for}.</b> {heading}." in page
        assert reverse("privacy:request", args=[request.ref]) in page


def test_an_archive_that_can_be_fetched_is_said_and_one_that_is_destroyed_is_not(an):
    request = cases.submit(Right.PORTABILITY, subject=an.subject)
    cases.approve(request, subject=an.subject)
    cases.run(request)
    ready = shown(an)
    type(request.archive).objects.update(destroyed_at=request.archive.ready_at)

    assert "</b> Your archive is ready. You can fetch it until" in ready
    assert "</b> Your archive is" not in shown(an).partition('class="leaf"')[0]


def test_of_several_archives_only_the_last_is_said_on_top(an):
    for _time in range(2):
        request = cases.submit(Right.PORTABILITY, subject=an.subject)
        cases.approve(request, subject=an.subject)
        cases.run(request)

    top = shown(an).partition('class="leaf"')[0]

    assert top.count("</b> Your archive is ready.") == 1
    assert request.ref in top


def test_the_figure_has_a_ribbon_and_a_row_of_a_table_per_recipient(an):
    for times, slug in enumerate(("quizkast", "leesburcht"), 1):
        partner = make_partner(slug)
        grant = make_grant(an, partner)
        for _release in range(times):
            releases.release(partner, an)
    permissions.withdraw(grant)

    page = shown(an)

    assert "Number of lines from this platform to recipients: 2. The thickest, 2 times, goes to Leesburcht." in page
    assert (page.count("<path d="), page.count(' class="gone"')) == (4, 2)
    assert page.count('<tr><th scope="row">') == 2


@pytest.mark.parametrize("times", [[1], [41, 12, 5, 3, 2], [1] * 6, [100_000, 1]])
def test_ribbons_stay_inside_the_drawing(times):
    drawn = ribbons.drawn(times, [False] * len(times))

    numbers = [float(number) for ribbon in drawn for number in re.findall(r"-?[\d.]+", ribbon.wide + ribbon.tall)]
    assert 0 <= min(numbers) <= max(numbers) <= max(100, ribbons.height(len(times)))
    assert [float(ribbon.px) for ribbon in drawn] == sorted((float(ribbon.px) for ribbon in drawn), reverse=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(text, db, edupartner):
    member = make_member("An", email="an@school.example")
    type(member).objects.filter(pk=member.pk).update(first_name=text)
    type(edupartner.recipient).objects.update(name=text)
    make_grant(member, edupartner)
    releases.release(edupartner, member)

    page = shown(member)

    assert "<script" not in page
    assert "<img" not in page


def test_questions_to_the_database_do_not_grow_with_her_rows(an):
    browser = browser_of(an)

    permissions.withdraw(make_grant(an, make_partner("eerste")))
    few, resource = questions(browser, PAGE), make_resource()
    for number in range(12):
        make_view(an, resource)
        make_score(an)
        partner = make_partner(f"p{number}")
        make_grant(an, partner)
        releases.release(partner, an)
    permissions.withdraw(make_grant(an, make_partner("laatste")))

    assert questions(browser, PAGE) == few <= 18


def test_it_is_small_however_much_happened(an):
    for number in range(30):
        partner = make_partner(f"p{number}")
        make_grant(an, partner)
        releases.release(partner, an)

    assert len(shown(an)) < 60_000


def test_who_is_not_signed_in_signs_in_first(db):
    answer = Client().get(PAGE)

    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={PAGE}")


def test_the_page_of_an_says_nothing_of_bo(an, bo, edupartner):
    make_grant(bo, edupartner)
    releases.release(edupartner, bo)
    cases.submit(Right.OBJECTION, subject=bo.subject)

    page = shown(an)

    assert "Edupartner" not in page
    assert "Janssens" not in page
    assert "We received your request" not in page


def test_it_is_dutch_for_who_reads_dutch(an):
    page = shown(an, "nl")

    assert "Dag An, zo staat het met jouw gegevens" in page
    with translation.override("nl"):
        assert next(str(card.title) for card in cards.cards()) == "Bekijken wat we weten"
