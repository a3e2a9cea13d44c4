"""Correcting in the browser: what is open, what stays and why, two windows at once, and words beside a value."""

import re
from html import unescape

import pytest
from django.db import models
from django.urls import reverse

from privacy.casework.requests import DataSubjectRequest
from privacy.datamap import deleted, person, provided, registry
from privacy.models import Statement
from privacy.pages import entries
from privacy.rights import rectification

from .archives import HOSTILE
from .beside import declared, key_to, make_table
from .makers import make_folder, make_grant, make_message, make_view
from .signing_in import browser_of

pytestmark = pytest.mark.django_db

CHOOSE = "/my-privacy/correct/"
MARKUP = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\u202eneppe\u202c", "\x01\x1f", "x" * 10_000]
SAME = "Dit zijn de waarden die we al hebben."
INPUT = re.compile(r"<(?:input|textarea|select)[^>]*>")


def page_of(member):
    return reverse("privacy:correct_row", args=["accounts.Member", member.pk])


def statement_page(member, column="email"):
    return reverse("privacy:statement", args=["accounts.Member", member.pk, column])


def read(browser, address) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def filled_in(browser, member, **changed) -> dict:
    """What a browser sends from this form, with the values it was filled with, hidden ones too."""
    form = browser.get(page_of(member)).context["form"]
    carried = {form[name].html_initial_name: form.carried(name) or "" for name in form.fields}
    return carried | {name: form.carried(name) or "" for name in form.fields} | changed


def test_every_value_that_can_be_corrected_stands_on_the_page(an):
    page = read(browser_of(an), CHOOSE)

    assert all(value in page for value in (an.first_name, an.last_name, an.town, an.about_me, an.website, "12 april 1985"))
    assert page_of(an) in page


def test_what_stays_as_it_is_stands_there_with_the_reason(an):
    """G-30."""
    page = read(browser_of(an), CHOOSE)

    assert an.email in page
    assert str(entries.WHY_LOCKED["observed"]) in page
    assert statement_page(an) in page
    assert an.password not in page


def test_another_persons_values_are_nowhere_on_the_page(an, bo):
    page = read(browser_of(an), CHOOSE)

    assert not [value for value in (bo.email, bo.town, str(bo.pk)) if value in page]


def test_the_form_has_the_fields_of_the_map_and_no_other(an):
    form = browser_of(an).get(page_of(an)).context["form"]

    assert list(form.fields) == [line.name for line in registry.labelled("accounts.Member").rectifiable_lines()]
    assert form["birth_date"].value() == an.birth_date


def test_a_field_suits_what_it_holds(an):
    page = read(browser_of(an), page_of(an))

    assert 'type="date" name="birth_date" value="1985-04-12"' in page
    assert '<textarea name="about_me"' in page
    assert '<select name="gender"' in page


def test_a_correction_is_saved_and_said(an):
    browser = browser_of(an)

    answer = browser.post(page_of(an), filled_in(browser, an, town="2000 Antwerpen"), follow=True)

    an.refresh_from_db()
    assert an.town == "2000 Antwerpen"
    assert answer.redirect_chain == [(CHOOSE, 302)]
    assert "Verbeterd: gemeente. Niemand anders kreeg deze gegevens" in unescape(answer.content.decode())


def test_the_message_names_the_partner_who_is_told_and_of_what(an, edupartner):
    """Art. 19, G-48."""
    make_grant(an, edupartner, ["first_name", "email"])
    browser = browser_of(an)

    answer = browser.post(page_of(an), filled_in(browser, an, first_name="Anna", town="2000 Antwerpen"), follow=True)

    assert "Edupartner (voornaam)" in unescape(answer.content.decode())


def test_who_asked_is_noted_without_asking_again(an):
    browser = browser_of(an)
    browser.post(page_of(an), filled_in(browser, an, town="2000 Antwerpen"))

    request = DataSubjectRequest.objects.get()

    assert request.identified_by.startswith("sign_in ")
    assert request.actor_ref == str(an.subject_id)


def test_the_same_form_sent_twice_is_one_correction(an):
    """Back button, or a double click."""
    browser = browser_of(an)
    form = filled_in(browser, an, town="2000 Antwerpen")

    browser.post(page_of(an), form)
    again = browser.post(page_of(an), form)

    assert DataSubjectRequest.objects.count() == 1
    assert SAME in unescape(again.content.decode())


def test_a_form_without_changes_says_so_and_leaves_no_request(an):
    browser = browser_of(an)

    answer = browser.post(page_of(an), filled_in(browser, an))

    assert "Je hebt in dit venster niets veranderd." in unescape(answer.content.decode())
    assert not DataSubjectRequest.objects.exists()


def test_a_second_window_overwrites_only_what_it_changed_itself(an):
    browser = browser_of(an)
    first, second = filled_in(browser, an, town="2000 Antwerpen"), filled_in(browser, an, first_name="Anna")

    browser.post(page_of(an), first)
    browser.post(page_of(an), second)

    an.refresh_from_db()
    assert (an.town, an.first_name) == ("2000 Antwerpen", "Anna")


def test_where_two_windows_changed_the_same_field_the_second_is_told_and_keeps_its_text(an):
    browser = browser_of(an)
    first, second = filled_in(browser, an, town="2000 Antwerpen"), filled_in(browser, an, town="1000 Brussel", first_name="Anna")
    browser.post(page_of(an), first)

    answer = browser.post(page_of(an), second)

    an.refresh_from_db()
    assert (an.town, an.first_name) == ("2000 Antwerpen", "An")
    assert "Dit is intussen veranderd" in unescape(answer.content.decode())
    assert 'name="town" value="1000 Brussel"' in answer.content.decode()
    assert 'name="initial-town" value="2000 Antwerpen"' in answer.content.decode()


def test_what_was_sent_again_after_the_warning_is_saved(an):
    browser = browser_of(an)
    second = filled_in(browser, an, town="1000 Brussel")
    browser.post(page_of(an), filled_in(browser, an, town="2000 Antwerpen"))
    form = browser.post(page_of(an), second).context["form"]

    browser.post(page_of(an), dict(form.data.items()))

    an.refresh_from_db()
    assert an.town == "1000 Brussel"


def test_line_breaks_alone_are_no_change(an):
    """A browser sends them as CR LF, whatever the database holds."""
    an.about_me = "een\ntwee"
    an.save()
    browser = browser_of(an)
    sent = filled_in(browser, an, town="2000 Antwerpen", **{"about_me": "een\r\ntwee", "initial-about_me": "een\r\ntwee"})

    browser.post(page_of(an), sent)

    an.refresh_from_db()
    assert (an.town, an.about_me) == ("2000 Antwerpen", "een\ntwee")


def test_what_she_left_alone_does_not_stand_in_the_way(an):
    """It was saved under other rules."""
    type(an).objects.filter(pk=an.pk).update(website="geen adres")
    browser = browser_of(an)

    browser.post(page_of(an), filled_in(browser, an, town="2000 Antwerpen"))

    an.refresh_from_db()
    assert (an.town, an.website) == ("2000 Antwerpen", "geen adres")


def test_errors_stand_on_top_and_at_the_field_and_what_was_typed_stays(an):
    browser = browser_of(an)

    answer = browser.post(page_of(an), filled_in(browser, an, website="geen adres", town="2000 Antwerpen"))

    page = answer.content.decode()
    website = next(tag for tag in INPUT.findall(page) if 'name="website"' in tag)
    assert '<div class="errors" role="alert" tabindex="-1" autofocus>' in page
    assert '<a href="#id_website">' in page
    assert 'id="id_website_error"' in page
    assert 'aria-invalid="true"' in website
    assert "id_website_error" in website
    assert 'value="geen adres"' in website
    assert 'value="2000 Antwerpen"' in page


def test_what_the_act_itself_refuses_is_said_at_the_field(an, monkeypatch):
    """Two rules may disagree: the form passes, the correction does not."""
    browser = browser_of(an)
    sent = filled_in(browser, an, town="2000 Antwerpen")
    refusal = rectification.InvalidCorrection({"town": ["Die gemeente bestaat niet."], "__all__": ["Samen klopt het niet."]})
    monkeypatch.setattr(rectification, "correct", lambda *args, **kwargs: (_ for _ in ()).throw(refusal))

    page = browser.post(page_of(an), sent).content.decode()

    assert page.count("Die gemeente bestaat niet.") == 2
    assert "Samen klopt het niet." in page


@pytest.mark.parametrize("extra", [{"email": "x@school.example"}, {"is_staff": "on"}, {"password": "x"}, {"subject": "x"}])
def test_a_field_that_is_not_open_is_not_written(an, extra):
    browser = browser_of(an)
    before = (an.email, an.is_staff, an.password, an.subject_id)

    browser.post(page_of(an), filled_in(browser, an, town="2000 Antwerpen", **extra))

    an.refresh_from_db()
    assert (an.email, an.is_staff, an.password, an.subject_id) == before
    assert an.town == "2000 Antwerpen"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["correct_row", "statement"])
def test_anothers_row_is_not_found(an, bo, method, name):
    """T-10."""
    address = page_of(bo) if name == "correct_row" else statement_page(bo)

    answer = getattr(browser_of(an), method)(address, {"town": "x", "text": "x"})

    assert answer.status_code == 404
    assert not Statement.objects.exists()


@pytest.mark.parametrize("label", ["accounts.Nobody", "usage.Resource", "x", "accounts.Member"])
@pytest.mark.parametrize("key", ["1", "-1", "an", "9" * 400, "' OR 1=1"])
def test_what_does_not_exist_is_not_found(an, label, key):
    assert browser_of(an).get(reverse("privacy:correct_row", args=[label, key])).status_code == 404


@pytest.mark.parametrize("column", ["password", "subject", "nothing", "id_x", "__class__"])
def test_beside_what_is_no_value_of_hers_there_is_no_page(an, column):
    assert browser_of(an).get(statement_page(an, column)).status_code == 404


@pytest.mark.parametrize("text", MARKUP)
def test_hostile_text_is_shown_and_does_nothing(an, text):
    """T-15."""
    type(an).objects.filter(pk=an.pk).update(about_me=text)
    Statement.objects.create(subject_ref=an.subject_id, request_ref="x", about="accounts.Member.email", row_key=str(an.pk), text=text)
    browser = browser_of(an)

    pages = [browser.get(address).content.decode() for address in (CHOOSE, page_of(an), statement_page(an))]

    assert not [page for page in pages if "<script>alert" in page or "<img" in page]
    assert all(text[:200].strip() in unescape(page) for page in pages)


def test_a_text_that_is_too_long_is_refused_and_kept(an):
    browser = browser_of(an)
    text = "x" * 2001

    corrected = browser.post(page_of(an), filled_in(browser, an, about_me=text)).content.decode()
    stated = browser.post(statement_page(an), {"text": text}).content.decode()

    assert all(text in page and 'class="wrong"' in page for page in (corrected, stated))
    assert not DataSubjectRequest.objects.exists()


def test_no_browser_cuts_what_is_pasted(an):
    """`maxlength` would, without a word."""
    browser = browser_of(an)

    assert "maxlength" not in read(browser, page_of(an)) + read(browser, statement_page(an))


def test_what_stands_beside_a_value_is_seen_without_unfolding(an):
    browser = browser_of(an)
    before = browser.get(CHOOSE).content.decode()
    after = browser.post(statement_page(an), {"text": "Ik heb dit adres niet meer."}, follow=True).content.decode()

    assert '<details class="fold">' in before
    assert '<details class="fold" open>' in after


def test_a_statement_is_written_shown_changed_and_taken_away(an):
    """G-30."""
    browser = browser_of(an)

    written = browser.post(statement_page(an), {"text": "Van mijn school."}, follow=True)
    assert unescape(written.content.decode()).count("Van mijn school.") == 1

    browser.post(statement_page(an), {"text": "Van mijn oude school."})
    assert Statement.objects.get().text == "Van mijn oude school."
    assert "Van mijn oude school." in read(browser, statement_page(an))

    browser.post(statement_page(an), {"take_away": "1"})
    assert not Statement.objects.exists()


def test_any_words_are_kept_as_they_were_written(an):
    browser_of(an).post(statement_page(an), {"text": HOSTILE})

    assert Statement.objects.get().text == HOSTILE.strip()


def test_the_same_statement_twice_is_one_request(an):
    browser = browser_of(an)
    for _time in range(2):
        answer = browser.post(statement_page(an), {"text": "Van mijn school."}, follow=True)

    assert DataSubjectRequest.objects.count() == 1
    assert "Er veranderde niets" in unescape(answer.content.decode())


def test_an_empty_statement_says_what_is_missing(an):
    page = browser_of(an).post(statement_page(an), {"text": "  "}).content.decode()

    assert '<a href="#id_text">' in page
    assert not Statement.objects.exists()


def test_beside_what_she_can_correct_she_is_sent_to_the_form(an):
    assert browser_of(an).get(statement_page(an, "town")).url == page_of(an)


def test_a_row_that_stays_as_it_is_shows_where_to_write_beside_it(an):
    folder = make_folder(an, "Voor maandag")

    page = read(browser_of(an), reverse("privacy:correct_row", args=["usage.Folder", folder.pk]))

    assert "Voor maandag" in page
    assert reverse("privacy:statement", args=["usage.Folder", folder.pk, "name"]) in page
    assert "<textarea" not in page


def test_of_a_row_with_two_people_only_what_is_hers_is_shown(an, bo):
    message = make_message(bo, an, "Geheim van Bo")
    browser = browser_of(an)

    page = read(browser, reverse("privacy:correct_row", args=["usage.Message", message.pk]))

    assert "Geheim van Bo" not in page
    assert browser.get(reverse("privacy:statement", args=["usage.Message", message.pk, "text"])).status_code == 404


def test_words_beside_other_data_stand_on_the_page_also_when_the_row_is_gone(an):
    view = make_view(an)
    browser = browser_of(an)
    address = reverse("privacy:statement", args=["usage.ResourceView", view.pk, "ip_address"])
    browser.post(address, {"text": "Dat was ik niet."})
    view.delete()

    page = read(browser, CHOOSE)
    browser.post(address, {"take_away": "1"})

    assert "Dat was ik niet." in page
    assert address in page
    assert not Statement.objects.exists()


def test_without_anything_to_correct_the_page_says_so(an):
    with registry.replaced(registry.labelled("accounts.Member")) as data_map:
        lines, data_map.lines = data_map.lines, {name: line for name, line in data_map.lines.items() if not line.rectify}
        try:
            page = read(browser_of(an), CHOOSE)
        finally:
            data_map.lines = lines

    assert "We hebben niets dat je zelf kan verbeteren." in page


def test_more_rows_and_statements_cost_no_more_queries(an, django_assert_max_num_queries):
    cards = make_table("Card", member=key_to(), name=models.CharField(max_length=20))
    browser = browser_of(an)

    with declared(cards, deleted, member=person(), name=provided(rectify=True)):
        counts = []
        for _round in range(2):
            for number in range(15):
                cards.objects.create(member=an, name=f"kaart {number}")
                view = make_view(an)
                Statement.objects.create(
                    subject_ref=an.subject_id, request_ref="x", about="usage.ResourceView.ip_address", row_key=view.pk, text="nee"
                )
            with django_assert_max_num_queries(15) as captured:
                page = read(browser, CHOOSE)
            counts.append(len(captured))

    assert counts[0] == counts[1]
    assert page.count("kaart ") == entries.AT_ONCE
    assert reverse("privacy:table", args=["usage", "beside.Card"]) in page


def test_the_form_costs_few_queries(an, django_assert_max_num_queries):
    browser = browser_of(an)

    with django_assert_max_num_queries(12):
        read(browser, page_of(an))
    with django_assert_max_num_queries(12):
        read(browser, statement_page(an))


@pytest.mark.parametrize("name", ["correct", "correct_row", "statement"])
def test_without_a_session_she_signs_in_first(client, an, name):
    address = {"correct": CHOOSE, "correct_row": page_of(an), "statement": statement_page(an)}[name]

    plain, by_htmx = client.get(address), client.get(address, headers={"HX-Request": "true"})

    assert plain.url.startswith("/account/login/")
    assert "HX-Redirect" in by_htmx.headers


def test_a_form_from_elsewhere_is_refused(an):
    """T-08."""
    browser = browser_of(an)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(statement_page(an), {"text": "x"}).status_code == 403
    assert browser.post(page_of(an), {"town": "x"}).status_code == 403


def test_the_pages_open_nothing_to_who_asked_for_erasure(an):
    browser = browser_of(an)
    type(an.subject).objects.filter(pk=an.subject_id).update(hidden_at="2026-01-01T00:00Z")

    assert browser.get(CHOOSE).status_code != 200
