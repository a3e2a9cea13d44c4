"""Publishing material, changing it, taking it back; and what erasing its author leaves of it."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from privacy.casework import cases
from privacy.datamap import Right
from privacy.errors import RowNotFound
from privacy.models import FileRemoval, Subject
from privacy.rights import erasure
from privacy.steps import Work, write_ledger
from usage import members, publishing
from usage.documents import KINDS
from usage.erasure import withdraw_resources
from usage.errors import AccountLeaving
from usage.models import Comment, Download, Favourite, Publication, Resource, Score

from .makers import make_comment, make_favourite, make_publication, make_resource, make_score
from .papers import EVERY_KIND, MARK, office, prepared
from .properties.acts import erase
from .races import at_once, needs_threads
from .reading import words_of
from .signing_in import browser_of

ENGLISH = {"accept-language": "en"}
TEXTS = ["<script>alert(1)</script>", "\u202eשלום\u202c", "👩🏽‍🏫", "{{ settings.SECRET_KEY }}", "'; DROP TABLE--"]  # noqa: RUF001 - Hebrew
any_text = pytest.mark.parametrize("text", TEXTS)


@pytest.fixture
def browser(an):
    return browser_of(an, headers=ENGLISH)


def sent(content=b"Breuken, een les.", name="les.txt", **fields):
    """What the form sends."""
    material = {
        "title": "Breuken",
        "subject_taught": "wiskunde",
        "level": "primary",
        "tags": "Breuken, delen, breuken",
        "town": "9000 Gent",
    }
    file = {"file": SimpleUploadedFile(name, content)} if content is not None else {}
    return material | {"description": "Voor maandag.", "shown": "name", "number": str(uuid.uuid4())} | file | fields


def publish(browser, **options):
    return browser.post(reverse("usage:publish"), sent(**options))


def refuse(*parts):
    raise RowNotFound


def stored_files():
    try:
        return [f"resources/{name}" for name in default_storage.listdir("resources")[1]]
    except FileNotFoundError:
        return []


def test_what_she_publishes_stands_under_her_name(browser, an):
    answer = publish(browser)

    publication = Publication.objects.select_related("resource").get()
    resource = publication.resource
    assert answer.url == reverse("usage:resource", args=[resource.pk])
    assert (publication.author, publication.shown_name, publication.town) == (an, "An Peeters", "9000 Gent")
    assert (resource.title, resource.subject_taught, resource.level, resource.tags) == (
        "Breuken",
        "wiskunde",
        "primary",
        ["breuken", "delen"],
    )
    assert (publication.file_name, publication.file_type, publication.file_size) == ("les.txt", "txt", 17)
    assert default_storage.open(publication.file.name).read() == b"Breuken, een les."


def test_without_a_name_nobody_reads_whose_it_is(browser, client):
    publish(browser, shown="none")

    page = client.get(reverse("usage:resource", args=[Resource.objects.get().pk])).content.decode()

    assert "Peeters" not in page


def test_after_publishing_she_reads_what_was_removed_from_her_file(browser):
    answer = publish(browser, content=office(**{"word/comments.xml": f'<w:comment w:author="{MARK}"/>'}), name="toets.docx")

    said = words_of(browser.get(answer.url).content.decode())
    assert "From your file we removed: other properties of the document, the author's name, the organisation" in said
    assert f"still names people, beside comments or changes in it: {MARK}" in said


def test_a_file_is_called_by_what_it_is(browser):
    publish(browser, content=EVERY_KIND["pdf"](), name="../../C:\\lessen\\Toets <1>.exe")

    assert Publication.objects.get().file_name == "Toets 1.pdf"


def test_two_clicks_publish_once(browser):
    fields = sent()
    browser.post(reverse("usage:publish"), fields)

    again = browser.post(reverse("usage:publish"), fields | {"file": SimpleUploadedFile("les.txt", b"Breuken, een les.")})

    assert Publication.objects.count() == Resource.objects.count() == len(stored_files()) == 1
    assert again.url == reverse("usage:resource", args=[Resource.objects.get().pk])


@pytest.mark.parametrize("number", ["", "geen", "\0", "x" * 100_000])
def test_a_number_that_is_none_is_replaced(browser, number):
    publish(browser, number=number)

    assert Publication.objects.count() == 1


def test_who_published_a_great_deal_today_keeps_what_she_wrote(browser, an, monkeypatch):
    monkeypatch.setattr(publishing, "MOST_PER_DAY", 1)
    make_publication(an)

    page = words_of(publish(browser).content.decode())

    assert "Publish this tomorrow." in page
    assert "Voor maandag." in page
    assert stored_files() == []


def test_a_number_of_somebody_elses_publication_is_replaced(browser, an, bo):
    his = make_publication(bo)

    publish(browser, number=str(his.pk), title="Van An")

    assert Publication.objects.get(author=bo) == his
    assert Publication.objects.get(author=an).resource.title == "Van An"


def test_another_lesson_in_a_form_that_was_sent_before_is_another_publication(browser):
    number = str(uuid.uuid4())

    for title in ("Breuken", "Procenten"):
        publish(browser, number=number, title=title)

    assert set(Resource.objects.values_list("title", flat=True)) == {"Breuken", "Procenten"}


def test_a_second_click_on_the_last_of_today_and_what_others_or_yesterday_brought_do_not_count(browser, an, bo, monkeypatch):
    monkeypatch.setattr(publishing, "MOST_PER_DAY", 1)
    make_publication(bo)
    make_publication(an, published_at=timezone.now() - timedelta(days=1, seconds=1))
    number = str(uuid.uuid4())

    assert [publish(browser, number=number).status_code for _click in range(2)] == [302, 302]


def test_who_was_signed_out_meanwhile_finds_what_she_wrote(client, db):
    answer = publish(client)

    assert answer.status_code == 403
    assert "Voor maandag." in words_of(answer.content.decode())
    assert stored_files() == []


@pytest.mark.parametrize("key", [2**31, 2**63, 10**50])
@pytest.mark.parametrize("page", ["change", "withdraw"])
def test_a_number_that_no_column_holds_is_not_found(browser, page, key):
    assert browser.get(reverse(f"usage:{page}", args=[key])).status_code == 404


def test_a_subject_of_before_the_list_stays_chosen(browser, an):
    publication = make_publication(an, make_resource(subject_taught="Latijn"))

    page = browser.get(reverse("usage:change", args=[publication.resource_id])).content.decode()

    assert '<option value="Latijn" selected>' in page


def test_who_leaves_in_another_window_keeps_her_words(browser, monkeypatch):
    def leaving(*people):
        raise AccountLeaving

    monkeypatch.setattr(members, "hold", leaving)
    answer = publish(browser)

    assert answer.status_code == 400
    assert "Voor maandag." in words_of(answer.content.decode())


def test_what_was_taken_back_in_another_window_leaves_her_words_on_the_page(browser, an, monkeypatch):
    publication = make_publication(an)
    monkeypatch.setattr(publishing, "_change", refuse)

    answer = browser.post(reverse("usage:change", args=[publication.resource_id]), sent(None, description="Nieuwe woorden."))

    assert answer.status_code == 400
    assert "Nieuwe woorden." in words_of(answer.content.decode())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tags": ", ".join(f"woord{number}" for number in range(1_000))}, "These are 1000 key words. Choose the 10 that say most."),
        ({"tags": "x" * 31}, "A key word is at most 30 characters."),
        ({"title": ""}, "Title"),
        ({"title": "x" * 100_000}, "Title"),
        ({"title": "nul\0teken"}, "Null characters are not allowed."),
        ({"subject_taught": "toverkunst"}, "Select a valid choice."),
        ({"level": "hemels"}, "Select a valid choice."),
        ({"content": None}, "This field is required."),
        ({"content": b""}, "The submitted file is empty."),
        ({"content": b"<svg>", "name": "foto.png"}, "We do not take this kind of file."),
        ({"content": office(**{"word/vbaProject.bin": b"x"})}, "This file holds a program"),
    ],
)
def test_what_cannot_be_published_is_said_and_her_words_stay(browser, fields, said):
    answer = publish(browser, **{"description": "Mijn lange uitleg."} | fields)

    page = words_of(answer.content.decode())
    assert answer.status_code == 400
    assert said in page
    assert "Mijn lange uitleg." in page
    assert not Publication.objects.exists()
    assert stored_files() == []


@any_text
def test_any_words_are_shown_as_they_are(browser, text):
    answer = publish(browser, title=text, tags=text, description=text, town=text)

    page = browser.get(answer.url).content.decode()
    assert page.count("<script>alert") == 0
    assert words_of(page).count(text) >= 3


def test_a_file_that_is_too_large_is_said_to_be_and_her_words_stay(browser):
    answer = publish(browser, content=b"x" * 20_000_001)

    page = words_of(answer.content.decode())
    assert "This file is larger than 20 MB." in page
    assert "Voor maandag." in page
    assert stored_files() == []


def test_who_asked_for_erasure_publishes_nothing(an):
    Subject.objects.filter(pk=an.subject_id).update(hidden_at=timezone.now())

    with pytest.raises(AccountLeaving):
        publishing.publish(an, number=uuid.uuid4(), material={}, words={}, document=prepared(b"x"), file_name="x")

    assert stored_files() == []


def test_a_row_that_fails_leaves_no_file(an):
    with pytest.raises(TypeError):
        publishing.publish(an, number=uuid.uuid4(), material={"no": "column"}, words={}, document=prepared(b"x"), file_name="x")

    assert stored_files() == []


def test_she_changes_words_and_keeps_the_file(browser, an):
    publication = make_publication(an, text="van An")
    before = publication.file.name

    browser.post(reverse("usage:change", args=[publication.resource_id]), sent(content=None, title="Decimalen", shown="none"))

    publication.refresh_from_db()
    assert (publication.resource.title, publication.shown_name, publication.file.name) == ("Decimalen", "", before)


def test_another_file_takes_the_place_of_the_first(browser, an, django_capture_on_commit_callbacks):
    publication = make_publication(an, text="van An")

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("usage:change", args=[publication.resource_id]), sent(content=b"nieuw"))

    publication.refresh_from_db()
    assert stored_files() == [publication.file.name]
    assert default_storage.open(publication.file.name).read() == b"nieuw"
    assert not FileRemoval.objects.exists()


def test_what_was_taken_back_in_another_window_is_not_changed(an):
    publication = make_publication(an)
    publishing.withdraw(publication)

    with pytest.raises(publishing.RowNotFound):
        publishing.change(publication, material={"title": "x"}, words={})

    assert Resource.objects.get().title == ""


@pytest.mark.parametrize("name", ["usage:change", "usage:withdraw"])
def test_somebody_elses_material_is_not_found(browser, bo, name):
    his = make_publication(bo, text="van Bo")

    assert browser.get(reverse(name, args=[his.resource_id])).status_code == 404
    assert browser.post(reverse(name, args=[his.resource_id]), sent()).status_code == 404
    assert Publication.objects.get() == his


def left_by_others(bo, resource):
    make_comment(bo, resource, "Dank!")
    make_score(bo, resource)
    make_favourite(bo, resource, note="mijn nota")


def assert_taken_back(resource):
    resource.refresh_from_db()
    assert (resource.title, resource.tags, str(resource)) == ("", [], "removed resource")
    assert resource.is_removed
    assert not Publication.objects.filter(resource=resource).exists()
    assert stored_files() == []


def test_taking_it_back_erases_words_and_file_at_once(browser, an, bo, django_capture_on_commit_callbacks):
    """K-4."""
    publication = make_publication(an, make_resource(tags=["zoë"]), text="van An")
    left_by_others(bo, publication.resource)

    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.post(reverse("usage:withdraw", args=[publication.resource_id]))

    assert answer.status_code == 302
    with translation.override("en"):
        assert_taken_back(publication.resource)
    assert Comment.objects.count() == Score.objects.count() == Favourite.objects.count() == 1


def test_a_second_click_finds_nothing(browser, an):
    publication = make_publication(an)
    browser.post(reverse("usage:withdraw", args=[publication.resource_id]))

    assert browser.post(reverse("usage:withdraw", args=[publication.resource_id])).status_code == 404


def test_a_crash_after_taking_back_leaves_the_file_to_the_night(an):
    publication = make_publication(an, text="van An")

    publishing.withdraw(publication)  # its transaction never commits in this test, so nothing follows it

    assert [removal.path for removal in FileRemoval.objects.all()] == stored_files()
    erasure.remove_expired_files()
    assert stored_files() == []


def test_erasing_an_takes_back_what_she_chose_to_remove(an, bo):
    """K-4, G-42."""
    hers, his = make_publication(an, text="van An"), make_publication(bo, make_resource("Van Bo"), text="van Bo")
    left_by_others(bo, hers.resource)

    request = erase(an.subject, {"resources": "remove"})

    hers.resource.refresh_from_db()
    assert (request.status, hers.resource.title, hers.resource.is_removed) == ("fulfilled", "", True)
    assert request.run.steps.get(name="withdraw resources").counts == {"usage.Publication remove": 1}
    assert list(Publication.objects.all()) == [his]
    assert stored_files() == [his.file.name]
    assert Comment.objects.count() == Score.objects.count() == Favourite.objects.count() == 1


@pytest.mark.parametrize(("choice", "name"), [("former_member", ""), ("name_stays", "An Peeters")])
def test_erasing_an_leaves_what_she_chose_to_keep(an, choice, name):
    hers = make_publication(an, text="van An")

    erase(an.subject, {"resources": choice})

    left = Publication.objects.select_related("resource").get()
    assert (left.author, left.shown_name, left.resource.title, left.resource.is_removed) == (None, name, "Breuken", False)
    assert stored_files() == [hers.file.name]


def test_the_step_may_run_again(an):
    """A worker that died after its last batch."""
    make_publication(an, text="van An")
    request = cases.submit(Right.ERASURE, subject=an.subject, choices={"resources": "remove"})
    cases.approve(request, subject=an.subject, grace=timedelta(0))
    run = cases.DataSubjectRequest.objects.get(pk=request.pk).run
    run.claim()
    write_ledger(run, cases.plan_of(run.request))
    work = Work(run, run.steps.get(name="withdraw resources"), run.request, an.subject)

    withdraw_resources(work)
    removed_at = Resource.objects.get().removed_at
    withdraw_resources(work)

    assert Resource.objects.get().removed_at == removed_at
    assert work.step.counts == {"usage.Publication remove": 1}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_that_publish_the_same_at_once_one_stays(an):
    needs_threads()
    number, material = uuid.uuid4(), {"title": "Breuken", "subject_taught": "wiskunde"}

    def act():
        return publishing.publish(an, number=number, material=material, words={}, document=prepared(b"x"), file_name="x").pk

    assert at_once(act, act) == [number, number]
    assert Resource.objects.count() == len(stored_files()) == 1


@pytest.mark.parametrize("suffix", KINDS)
def test_a_download_is_a_file_of_our_own_kind_and_nothing_that_a_browser_opens(client, an, suffix):
    publication = make_publication(an, text="x", file_name="Größe ½.x", file_type=suffix)
    Publication.objects.filter(pk=publication.pk).update(file_name="Größe ½.x", file_type=suffix)

    answer = client.get(reverse("usage:download", args=[publication.resource_id]))

    assert answer.headers["Content-Type"] == KINDS[suffix].content_type
    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe%20%C2%BD.x"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content) == b"x"


def test_once_erasure_took_its_name_a_file_is_called_like_the_material(client, an):
    publication = make_publication(an, make_resource("Breuken & <delen>"), text="x")
    Publication.objects.update(file_name="")

    answer = client.get(reverse("usage:download", args=[publication.resource_id]))

    assert 'filename="Breuken & delen.txt"' in answer.headers["Content-Disposition"]


def test_downloads_of_members_are_noted_and_those_of_visitors_are_not(client, browser, an, bo):
    address = reverse("usage:download", args=[make_publication(bo, text="x").resource_id])

    client.get(address)
    browser.head(address)
    assert not Download.objects.exists()
    browser.get(address)

    assert [download.member for download in Download.objects.all()] == [an]


@pytest.mark.parametrize("text", ["", "x"])
def test_a_file_that_is_not_there_is_said_to_be_missing(an, text):
    publication = make_publication(an, text=text)
    if text:
        default_storage.delete(publication.file.name)

    answer = Client(headers=ENGLISH).get(reverse("usage:download", args=[publication.resource_id]))

    assert answer.status_code == (400 if text else 404)
    assert not Download.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_its_file_happen_together(an):
    """T-26: a transaction that fails leaves both."""
    publication = make_publication(an, text="van An")

    @transaction.atomic
    def fail():
        publishing.withdraw(publication)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert Publication.objects.filter(pk=publication.pk).exists()
    assert stored_files() == [publication.file.name]
