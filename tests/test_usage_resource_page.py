"""The page of one resource: what it is, what others say, what a member does with it."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from privacy.models import Subject
from privacy.rights import erasure
from usage import opinions, publishing, threads
from usage.models import Comment, Favourite, Publication, ResourceView, Score

from .makers import make_comment, make_favourite, make_folder, make_member, make_publication, make_resource, make_score
from .properties.acts import erase
from .races import at_once, needs_threads
from .reading import questions, words_of
from .signing_in import browser_of

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def visitor(db):
    return Client(headers=ENGLISH)


@pytest.fixture
def browser(an):
    return browser_of(an, headers=ENGLISH)


@pytest.fixture
def material(bo):
    return make_publication(bo, make_resource("Breuken", tags=["noemers"], level="primary"), text="een les", town="2000 Antwerpen").resource


def page_of(browser, resource, **asked) -> str:
    return words_of(browser.get(reverse("usage:resource", args=[resource.pk]), asked).content.decode())


def act(browser, name, resource, **fields):
    return browser.post(reverse(f"usage:{name}", args=[resource.pk]), fields)


def say(browser, resource, text="Dank je!", **fields):
    return act(browser, "comment", resource, text=text, number=str(uuid.uuid4()), **fields)


def test_a_visitor_reads_what_it_is(visitor, material):
    page = page_of(visitor, material)

    for said in ["Breuken", "Mathematics · primary school", "noemers", "Bo Janssens", "2000 Antwerpen", "plain text, 1 kB", "Download"]:
        assert said in page
    assert "to score, keep or comment" in page


@pytest.mark.parametrize("key", [0, 999_999, 10**30])
def test_material_that_is_none_is_not_found(visitor, key):
    assert visitor.get(reverse("usage:resource", args=[key])).status_code == 404


@pytest.mark.parametrize("leave", [lambda bo: erasure.hide(bo.subject), lambda bo: erase(bo.subject)])
def test_the_name_of_who_left_is_nowhere(visitor, bo, material, leave):
    """K-14, K-4."""
    make_comment(bo, material, "Mijn eigen les.")

    leave(bo)

    page = page_of(visitor, material)
    assert "Janssens" not in page
    assert "Mijn eigen les." in page


def test_looking_is_noted_once_an_hour_with_the_network_address(browser, an, material):
    page_of(browser, material)
    page_of(browser, material)
    assert [(view.member, view.ip_address) for view in ResourceView.objects.all()] == [(an, "127.0.0.1")]

    ResourceView.objects.update(viewed_at=timezone.now() - timedelta(minutes=61))
    page_of(browser, material)

    assert ResourceView.objects.count() == 2


@pytest.mark.parametrize(("told", "noted"), [("", None), ("unix:", None), ("192.0.2.7:80", None), ("fe80::1%eth0", "fe80::1")])
def test_what_is_no_network_address_is_not_noted(browser, material, told, noted):
    browser.get(reverse("usage:resource", args=[material.pk]), REMOTE_ADDR=told)

    assert ResourceView.objects.get().ip_address == noted


def test_of_who_is_hidden_neither_town_nor_file_name_is_shown(visitor, bo):
    publication = make_publication(bo, town="9000 Gent", text="Breuken.", resource=make_resource("Delen"))
    Publication.objects.update(file_name="Toets van Bo Janssens.txt")
    Subject.objects.filter(pk=bo.subject_id).update(hidden_at=timezone.now())

    answer = visitor.get(reverse("usage:download", args=[publication.resource_id]))

    assert "9000 Gent" not in page_of(visitor, publication.resource)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Delen.txt"'


def test_looking_at_her_own_or_as_a_visitor_is_not_noted(browser, visitor, an, material):
    page_of(browser, make_publication(an).resource)
    page_of(visitor, material)

    assert not ResourceView.objects.exists()


def test_an_average_is_told_from_three_scores_on(visitor, an, bo, daan, material):
    make_score(an, material, 5)
    make_score(bo, material, 4)
    assert "Fewer than 3 scores" in page_of(visitor, material)

    make_score(daan, material, 3)

    assert "4.0 of 5 stars, from 3 scores" in page_of(visitor, material)


def test_scores_of_erased_members_count_and_those_of_hidden_ones_do_not(an, bo, daan, material):
    """K-2, K-14."""
    for member, value in ((an, 5), (bo, 4), (daan, 3)):
        make_score(member, material, value)

    erase(an.subject)
    assert opinions.average(material) == {"stars": 4, "scores": 3}

    erasure.hide(daan.subject)
    assert opinions.average(material) is None


def test_the_latest_stars_count(browser, an, material):
    act(browser, "score", material, value="2")
    answer = act(browser, "score", material, value="5")

    assert answer.url == reverse("usage:resource", args=[material.pk]) + "#score"
    assert [(score.member, score.value) for score in Score.objects.all()] == [(an, 5)]
    assert "You gave 5 stars." in page_of(browser, material)


@pytest.mark.parametrize("value", ["", "0", "6", "-1", "x", "\0", "9" * 1_000])
def test_other_stars_are_refused_in_words(browser, material, value):
    answer = act(browser, "score", material, value=value)

    assert answer.status_code == 400
    assert "How many stars?" in words_of(answer.content.decode())
    assert not Score.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_stars_given_twice_at_once_are_one_row(an, material):
    needs_threads()

    done = at_once(*[lambda value=value: opinions.score(an, material, value) for value in (2, 5, 3)])

    assert done == [None] * 3
    assert Score.objects.count() == 1


def test_a_comment_stands_under_her_name(browser, an, material):
    answer = say(browser, material, "Op bladzijde 2 staat een fout.")

    comment = Comment.objects.get()
    assert answer.url.endswith("#comment")
    assert (comment.author, comment.shown_name, comment.resource, comment.reply_to) == (an, "An Peeters", material, None)
    assert "An Peeters" in page_of(browser, material)


def test_a_comment_sent_twice_is_one(browser, material):
    number = str(uuid.uuid4())
    for _click in range(2):
        act(browser, "comment", material, text="Dank!", number=number)

    assert Comment.objects.count() == 1


def test_other_words_in_a_form_that_was_sent_before_are_another_comment(browser, material):
    number = str(uuid.uuid4())
    for text in ("Dank!", "Nog iets."):
        act(browser, "comment", material, text=text, number=number)

    assert set(Comment.objects.values_list("text", flat=True)) == {"Dank!", "Nog iets."}


def test_who_commented_a_great_deal_keeps_what_she_wrote_and_whom_she_answers(browser, bo, material, monkeypatch):
    monkeypatch.setattr(opinions, "COMMENTS_PER_HOUR", 1)
    first = make_comment(bo, material, "Een vraag")
    say(browser, material, "Een")

    answer = say(browser, material, "Mijn antwoord", reply_to=str(first.pk))

    page = answer.content.decode()
    assert "You wrote many comments in the past hour." in words_of(page)
    assert "Mijn antwoord" in page
    assert str(first.pk) in page.partition('name="reply_to"')[2].partition(">")[0]


def test_comments_of_an_hour_ago_and_a_second_click_on_the_last_do_not_count(browser, an, material, monkeypatch):
    monkeypatch.setattr(opinions, "COMMENTS_PER_HOUR", 1)
    make_comment(an, material, "Lang geleden")
    Comment.objects.update(published_at=timezone.now() - timedelta(minutes=61))
    number = str(uuid.uuid4())

    clicks = [act(browser, "comment", material, text="Dank!", number=number) for _click in range(2)]

    assert [answer.status_code for answer in clicks] == [302, 302]


@pytest.mark.parametrize(("name", "field"), [("comment", "text"), ("keep", "note")])
def test_who_was_signed_out_meanwhile_finds_what_she_wrote(visitor, material, name, field):
    here = reverse("usage:resource", args=[material.pk])
    written = {field: "Een <b>lange</b> tekst"}

    answer = visitor.post(reverse(f"usage:{name}", args=[material.pk]), written, headers={"referer": f"http://testserver{here}"})

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Een &lt;b&gt;lange&lt;/b&gt; tekst</textarea>" in page
    assert f"{reverse('account_login')}?next={here}" in page


def test_who_was_signed_out_and_wrote_nothing_signs_in_first(visitor, material):
    assert say(visitor, material, "").url.startswith(reverse("account_login"))


def test_line_breaks_are_kept_as_one_character_each(browser, material):
    act(browser, "comment", material, text="x\r\n" * 5_000)

    assert Comment.objects.get().text == "x\n" * 4_999 + "x"


def test_a_number_of_somebody_elses_comment_changes_nothing(browser, bo, material):
    his = make_comment(bo, material, "Van Bo.")

    act(browser, "comment", material, text="Van An.", number=str(his.pk))

    assert {comment.text: comment.author.first_name for comment in Comment.objects.all()} == {"Van Bo.": "Bo", "Van An.": "An"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "This field is required."),
        ("   ", "This field is required."),
        ("x" * 100_000, "at most 10000 characters"),
        ("a\0b", "Null characters"),
    ],
)
def test_a_comment_that_cannot_stand_is_said_and_comes_back(browser, material, text, said):
    answer = say(browser, material, text)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in words_of(page)
    assert text.strip()[:50] in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "https://x.example <a href=x>", "\u202eשלום", "👩🏽‍🏫", "{{ x }}"])  # noqa: RUF001 - Hebrew
def test_a_comment_is_shown_as_it_is_and_no_link_is_made(browser, material, text):
    say(browser, material, text)

    page = browser.get(reverse("usage:resource", args=[material.pk])).content.decode()

    assert text in words_of(page)
    assert "<script>alert" not in page
    assert 'href="https://x.example' not in page


def test_answers_stand_one_level_deep(browser, bo, material):
    first = make_comment(bo, material, "Een vraag")
    say(browser, material, "Een antwoord", reply_to=str(first.pk))
    answer = Comment.objects.get(text="Een antwoord")

    say(browser, material, "Nog een antwoord", reply_to=str(answer.pk))

    (thread,) = threads.page_of_threads(material, "")[1]
    assert thread.first == first
    assert [comment.text for comment in thread.answers] == ["Een antwoord", "Nog een antwoord"]


def test_who_answers_reads_whom(browser, bo, material):
    first = make_comment(bo, material, "Een vraag")

    page = page_of(browser, material, answer=str(first.pk))

    assert "You answer Bo Janssens." in page


@pytest.mark.parametrize("asked", ["geen", "", "00000000-0000-4000-8000-000000000000", "\u0665"])
def test_answering_what_is_not_there_is_a_comment_of_its_own(browser, material, asked):
    page = page_of(browser, material, answer=asked)

    assert "You answer" not in page
    assert "Your comment" in page


def test_a_conversation_stays_readable_when_its_beginning_is_removed(browser, bo, material):
    first = make_comment(bo, material, "Een vraag")
    say(browser, material, "Een antwoord", reply_to=str(first.pk))
    opinions.remove_comment(first)

    say(browser, material, "Nog een", reply_to=str(first.pk))

    page = page_of(browser, material)
    assert page.index("A comment that was removed.") < page.index("Een antwoord") < page.index("Nog een")


def test_an_answer_to_what_was_just_removed_comes_back_to_be_sent_alone(browser, bo, material):
    first = make_comment(bo, material, "Een vraag")
    opinions.remove_comment(first)

    answer = say(browser, material, "Mijn antwoord", reply_to=str(first.pk))

    page = answer.content.decode()
    assert "send it as a comment of its own" in words_of(page)
    assert "Mijn antwoord" in page
    assert str(first.pk) not in page


def test_an_answer_cannot_cross_to_other_material(browser, bo, material):
    elsewhere = make_comment(bo, make_resource("Kaarten"), "Een vraag")

    say(browser, material, "Hier", reply_to=str(elsewhere.pk))

    assert not Comment.objects.filter(text="Hier").exists()


@pytest.mark.parametrize("choice", ["former_member", "name_stays", "remove"])
def test_a_conversation_after_an_erasure(visitor, an, bo, material, choice):
    """K-4, G-42."""
    first = make_comment(an, material, "Van An")
    Comment.objects.create(author=bo, shown_name="Bo Janssens", resource=material, text="Van Bo", reply_to=first.pk)

    erase(an.subject, {"comments": choice})

    page = page_of(visitor, material)
    assert "Van Bo" in page
    assert ("Van An" in page, "An Peeters" in page, "A comment that was removed." in page) == {
        "former_member": (True, False, False),
        "name_stays": (True, True, False),
        "remove": (False, False, True),
    }[choice]


def test_only_her_own_comment_can_be_removed(browser, an, bo, material):
    hers, his = make_comment(an, material, "Van An"), make_comment(bo, material, "Van Bo")

    assert browser.post(reverse("usage:remove_comment", args=[his.pk])).status_code == 404
    assert "Van An" in words_of(browser.get(reverse("usage:remove_comment", args=[hers.pk])).content.decode())
    browser.post(reverse("usage:remove_comment", args=[hers.pk]))

    assert [comment.text for comment in Comment.objects.all()] == ["Van Bo"]


def test_many_comments_take_pages_and_as_many_questions_as_few(visitor, an, bo, material):
    for number in range(3):
        make_comment(an, material, f"Reactie {number}")
    address = reverse("usage:resource", args=[material.pk])
    few = questions(visitor, address)
    for number in range(40):
        make_comment(bo, material, f"Reactie {number}")

    assert questions(visitor, address) == few
    assert "Page 2 of 3" in page_of(visitor, material, page="2")


def test_kept_in_a_folder_of_hers_or_a_new_one(browser, an, material):
    folder = make_folder(an, "Maandag")
    act(browser, "keep", material, folder=folder.pk, new_folder="", note="korter maken")
    act(browser, "keep", material, folder="", new_folder="Dinsdag", note="")

    kept = Favourite.objects.order_by("folder__name").values_list("folder__name", "note")
    assert list(kept) == [("Dinsdag", ""), ("Maandag", "korter maken")]
    assert "Already in: Dinsdag , Maandag" in page_of(browser, material)


def test_kept_twice_is_kept_once_with_the_latest_note(browser, an, material):
    for note in ("eerst", "dan", ""):
        act(browser, "keep", material, new_folder="Maandag", note=note)

    assert [favourite.note for favourite in Favourite.objects.all()] == ["dan"]


def test_nothing_is_kept_in_somebody_elses_folder(browser, an, bo, material):
    make_folder(an)

    answer = act(browser, "keep", material, folder=make_folder(bo, "Van Bo").pk, new_folder="", note="mijn nota")

    assert answer.status_code == 400
    assert "mijn nota" in answer.content.decode()
    assert not Favourite.objects.exists()


@pytest.mark.parametrize(
    ("name", "fields"),
    [("score", {"value": "4"}), ("comment", {"text": "Mijn lange tekst"}), ("keep", {"new_folder": "Mijn map", "note": "Mijn nota"})],
)
def test_what_was_taken_back_meanwhile_gives_a_sentence_and_her_words(browser, bo, material, name, fields):
    publishing.withdraw(material.publication)

    answer = act(browser, name, material, **fields)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Who published this material took it back. Nothing was saved." in words_of(page)
    assert all(value in page for value in fields.values())
    assert Comment.objects.count() == Score.objects.count() == Favourite.objects.count() == 0


def test_removed_material_still_shows_what_others_said(visitor, an, material):
    make_comment(an, material, "Heel bruikbaar.")
    make_favourite(an, material)
    publishing.withdraw(material.publication)

    answer = visitor.get(reverse("usage:resource", args=[material.pk]))

    page = words_of(answer.content.decode())
    assert answer.status_code == 410
    assert "This material was removed" in page
    assert "Heel bruikbaar." in page
    assert "Bo Janssens" not in page


@pytest.mark.parametrize("name", ["score", "comment", "keep"])
def test_a_visitor_is_asked_to_sign_in_first(visitor, material, name):
    answer = visitor.post(reverse(f"usage:{name}", args=[material.pk]), {})

    assert answer.url.startswith(reverse("account_login"))
    assert visitor.get(reverse(f"usage:{name}", args=[material.pk])).status_code == 405


def test_only_its_author_reads_how_to_change_it(browser, bo, material):
    his = browser_of(bo, headers=ENGLISH)

    assert "remove it" not in page_of(browser, material)
    assert "remove it" in page_of(his, material)


def test_a_name_of_a_member_without_one_is_not_empty(db, visitor):
    nameless = make_member("", last_name="", email="x@school.example")

    page = page_of(visitor, make_publication(nameless, shown_name=nameless.get_full_name()).resource)

    assert "lid" in page
