"""The page on which a person asks for her data, and the address where she fetches them."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from privacy.casework import cases, letters, mailing
from privacy.casework.letters import Letter
from privacy.casework.requests import DataSubjectRequest
from privacy.conf import store
from privacy.datamap import Right
from privacy.errors import ArchiveMixedUp
from privacy.models import Archive, TrailEntry
from privacy.pages import step_up
from privacy.pages.ranges import NotInFile, part_of
from privacy.rights import access, estimate, vault
from privacy.rights.portability import Scope

from . import races
from .archives import Opened
from .makers import make_favourite, make_message, make_score, make_view
from .properties.acts import erase
from .signing_in import browser_of
from .test_access_collect import answered

PAGE = reverse("privacy:download")


@pytest.fixture
def browser(an):
    return browser_of(an)


@pytest.fixture
def archive(an):
    make_view(an)
    return answered(an).archive


def address(archive):
    return reverse("privacy:fetch", args=[archive.request.ref])


def let_step_up_pass(browser, **passed):
    """As if so much time went by since she showed who she is, and since she began to fetch."""
    session = browser.session
    how, at = session[step_up.SESSION_KEY]
    seconds = timedelta(**passed).total_seconds()
    session[step_up.SESSION_KEY] = [how, at - seconds]
    session["privacy.fetched"] = {ref: began - seconds for ref, began in session.get("privacy.fetched", {}).items()}
    session.save()


def whole(answer) -> bytes:
    return b"".join(answer.streaming_content)


def content_of(archive) -> bytes:
    with archive.open() as file:
        return file.read()


# The page


def test_the_page_says_how_much_how_large_and_how_long(an, browser):
    make_view(an)
    rows = estimate.expected_rows(an.subject, Scope.EVERYTHING)

    text = browser.get(PAGE).content.decode()

    assert f"{rows} gegevens" in text
    assert "minder dan een minuut" in text
    assert text.count('name="scope"') == 2
    assert "Nog geen." in text


@pytest.mark.parametrize(("scope", "right"), [("everything", Right.ACCESS), ("portable", Right.PORTABILITY)])
def test_asking_leads_to_the_page_of_the_request(an, browser, scope, right):
    """G-55, G-29: at once, and no reason is asked."""
    answer = browser.post(PAGE, {"scope": scope})

    asked = DataSubjectRequest.objects.get()
    assert answer.url == reverse("privacy:request", args=[asked.ref])
    assert (asked.right, asked.status, asked.channel) == (right, "approved", "self_service")
    assert asked.identified_by.startswith("sign_in ")


def test_the_form_offers_what_asking_takes(browser):
    shown = browser.get(PAGE).content.decode()

    assert re.findall(r'name="scope" value="([^"]*)"', shown) == ["everything", "portable"]


def test_asking_twice_leads_to_the_same_request(browser):
    """T-14, T-24: two tabs, or a button pressed twice."""
    first = browser.post(PAGE, {"scope": "everything"})

    second = browser.post(PAGE, {"scope": "everything"}, follow=True)

    assert second.redirect_chain[0][0] == first.url
    assert DataSubjectRequest.objects.get().ref in second.content.decode()
    assert Letter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_tabs_at_once_one_asks(an):
    races.needs_threads()
    browsers = [browser_of(an), browser_of(an)]

    answers = races.at_once(*(lambda browser=browser: browser.post(PAGE, {"scope": "everything"}).url for browser in browsers))

    assert len(set(answers)) == 1
    assert DataSubjectRequest.objects.count() == 1


def test_asking_needs_a_fresh_proof_and_looking_does_not(browser):
    """T-07."""
    let_step_up_pass(browser, minutes=6)

    looked, asked = browser.get(PAGE), browser.post(PAGE, {"scope": "everything"})

    assert looked.status_code == 200
    assert asked.url.startswith(reverse("privacy:step_up"))
    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("scope", ["", "nothing", "<script>alert(1)</script>", "everything\0", "x" * 10_000])
def test_a_choice_that_is_none_asks_nothing(browser, scope):
    answer = browser.post(PAGE, {"scope": scope}, follow=True)

    assert "Kies eerst wat je wil meenemen." in answer.content.decode()
    assert not DataSubjectRequest.objects.exists()


def test_her_archives_are_listed_with_their_end(an, browser, archive):
    gone = answered(an, Right.PORTABILITY).archive
    Archive.objects.filter(pk=gone.pk).update(expires_at=timezone.now() - timedelta(days=2))
    browser.post(PAGE, {"scope": "portable"})

    text = browser.get(PAGE).content.decode()

    assert text.count(address(archive)) == 1
    assert address(gone) not in text
    assert [word in text for word in ("Klaar tot", "Vernietigd:", "Wordt gemaakt")] == [True] * 3


def test_the_archives_of_others_are_not_listed(bo, archive):
    assert archive.request.ref not in browser_of(bo).get(PAGE).content.decode()


def test_as_many_questions_to_the_database_for_many_archives_as_for_one(an, browser, archive):
    browser.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(PAGE)
    for _ in range(5):
        answered(an)
        make_view(an)

    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)

    assert len(many) == len(few) <= 15


def test_without_a_session_htmx_moves_the_whole_page():
    answer = Client().get(PAGE, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"].startswith(reverse("account_login"))


def test_other_methods_are_refused(browser, archive):
    assert browser.put(PAGE).status_code == 405
    assert browser.post(address(archive)).status_code == 405
    assert browser.delete(address(archive)).status_code == 405


# The quota


def test_after_five_archives_in_a_day_she_waits(an, browser, settings):
    """T-24."""
    settings.PRIVACY = {**settings.PRIVACY, "ARCHIVES_PER_DAY": 2}
    first, _second = answered(an), answered(an, Right.PORTABILITY)
    DataSubjectRequest.objects.filter(pk=first.pk).update(received_at=timezone.now() - timedelta(hours=23))

    answer = browser.post(PAGE, {"scope": "everything"})

    assert answer.status_code == 429
    assert 3500 < int(answer.headers["Retry-After"]) <= 3600
    assert "Genoeg archieven voor vandaag" in answer.content.decode()
    assert DataSubjectRequest.objects.count() == 2


@pytest.mark.parametrize(
    "change", [{"received_at": timezone.now() - timedelta(hours=25)}, {"status": "cancelled"}, {"channel": "command"}, {"right": "erasure"}]
)
def test_only_what_she_asked_herself_and_got_lately_counts(an, browser, settings, change):
    settings.PRIVACY = {**settings.PRIVACY, "ARCHIVES_PER_DAY": 1}
    request = answered(an)
    DataSubjectRequest.objects.filter(pk=request.pk).update(**change)

    assert browser.post(PAGE, {"scope": "everything"}).status_code == 302


def test_the_quota_of_one_does_not_hold_up_another(bo, archive, settings):
    settings.PRIVACY = {**settings.PRIVACY, "ARCHIVES_PER_DAY": 1}

    assert browser_of(bo).post(PAGE, {"scope": "everything"}).status_code == 302


# Fetching


def test_she_fetches_her_archive(an, browser, archive):
    """D-4."""
    answer = browser.get(address(archive))

    assert Opened(whole(answer)).manifest["subject"] == str(an.subject.ref)
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(archive.size))


def test_a_fetched_archive_stays_nowhere_and_leads_nowhere(browser, archive):
    """T-09."""
    headers = browser.get(address(archive)).headers

    assert "no-store" in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"] == 'attachment; filename="inzage-archive.zip"'
    assert (headers["Content-Type"], headers["Accept-Ranges"]) == ("application/zip", "bytes")


@pytest.mark.parametrize("ref", ["NOTHING222", "x" * 300, "..%2F..", "<script>"])
def test_an_archive_of_nobody_is_not_found(browser, ref):
    assert browser.get(f"{PAGE}{ref}/").status_code == 404


def test_the_archive_of_somebody_else_is_not_found(bo, archive):
    """T-09: as one that does not exist."""
    assert browser_of(bo).get(address(archive)).status_code == 404


def test_a_request_of_another_kind_has_no_archive(an, browser):
    request = cases.submit(Right.OBJECTION, subject=an.subject)

    assert browser.get(reverse("privacy:fetch", args=[request.ref])).status_code == 404


def test_who_is_not_signed_in_signs_in_first(archive):
    assert Client().get(address(archive)).url.startswith(reverse("account_login"))


def test_fetching_needs_a_fresh_proof(browser, archive):
    """T-07."""
    let_step_up_pass(browser, minutes=6)

    assert browser.get(address(archive)).url.startswith(reverse("privacy:step_up"))
    assert browser.get(address(archive), headers={"Range": "bytes=0-"}).url.startswith(reverse("privacy:step_up"))


def test_what_is_being_made_leads_to_its_page(browser):
    browser.post(PAGE, {"scope": "everything"})
    ref = DataSubjectRequest.objects.get().ref

    assert browser.get(reverse("privacy:fetch", args=[ref])).url == reverse("privacy:request", args=[ref])


def test_an_expired_archive_is_gone_and_the_page_says_what_to_do(browser, archive):
    """T-09: on reading, whether or not the sweep came by."""
    Archive.objects.filter(pk=archive.pk).update(expires_at=timezone.now())

    answer = browser.get(address(archive))

    assert answer.status_code == 410
    assert f'href="{PAGE}"' in answer.content.decode()


def test_a_hidden_person_still_fetches_and_may_ask(an, browser, archive):
    """K-14, D-4: until she is erased, what we hold is hers to see."""
    cases.approve(cases.submit(Right.ERASURE, subject=an.subject), subject=an.subject)
    browser = browser_of(an)

    assert whole(browser.get(address(archive)))
    assert browser.get(PAGE).status_code == 200
    assert "/requests/" in browser.post(PAGE, {"scope": "portable"}).url


def test_who_is_erased_meanwhile_fetches_nothing(an, browser, archive):
    """G-41."""
    path = archive.path
    erase(an.subject)

    assert browser.get(address(archive)).status_code == 302
    assert not path.exists()


# Parts


def test_a_download_goes_on_where_it_broke_off(browser, archive):
    first = browser.get(address(archive))
    begun = next(iter(first.streaming_content))[:100]

    rest = browser.get(address(archive), headers={"Range": "bytes=100-", "If-Range": first.headers["ETag"]})

    assert rest.status_code == 206
    assert rest.headers["Content-Range"] == f"bytes 100-{archive.size - 1}/{archive.size}"
    assert begun + whole(rest) == content_of(archive)


def test_it_goes_on_for_an_hour_after_the_proof_and_no_longer(browser, archive):
    """T-07: five minutes are too short for a large file."""
    rest = {"Range": "bytes=5-", "If-Range": begun(browser, archive)}

    let_step_up_pass(browser, minutes=59)
    assert browser.get(address(archive), headers=rest).status_code == 206
    assert browser.get(address(archive)).status_code == 302
    let_step_up_pass(browser, minutes=2)
    assert browser.get(address(archive), headers=rest).status_code == 302


@pytest.mark.parametrize("named", ["", '"guessed"', "*", "é"])
def test_who_does_not_name_what_was_begun_shows_again_who_it_is(browser, archive, named):
    """T-07: a stolen cookie has not seen the answer to her download, and the digest on her pages does not name it."""
    begun(browser, archive)
    let_step_up_pass(browser, minutes=6)

    for name in (named, f'"{archive.sha256}"'):
        assert browser.get(address(archive), headers={"Range": "bytes=0-", "If-Range": name}).status_code == 302


def begun(browser, archive) -> str:
    """What the answer to a download calls its file."""
    answer = browser.get(address(archive))
    whole(answer)
    return answer.headers["ETag"]


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", range(1)),
        ("bytes=0-", range(10)),
        ("bytes=3-5", range(3, 6)),
        ("bytes=3-99", range(3, 10)),
        ("bytes=9-9", range(9, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-99", range(10)),
        ("Bytes= 3-5 ", range(3, 6)),
        *((words, None) for words in ("", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-3", "bytes=0-1,4-5", "items=0-1")),
        *(
            (words, None)
            for words in ("bytes=1-2-3", "bytes=--1", "bytes=1.5-2", "bytes=" + "9" * 5000 + "-", "bytes=\u0661-\u0662", "bytes=99-12")
        ),
    ],
)
def test_what_part_is_asked(asked, part):
    """RFC 9110, 14.1.2 and 14.2: what makes no sense, or asks for several parts, is passed over."""
    assert part_of(asked, 10) == part


@pytest.mark.parametrize(("asked", "size"), [("bytes=10-", 10), ("bytes=10-12", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_a_part_beyond_the_end_is_none(asked, size):
    with pytest.raises(NotInFile):
        part_of(asked, size)


def test_a_part_beyond_the_end_is_answered_with_the_size(browser, archive):
    answer = browser.get(address(archive), headers={"Range": f"bytes={archive.size}-"})

    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{archive.size}")
    assert not Letter.objects.filter(kind="fetched").exists()


@pytest.mark.parametrize("headers", [{"Range": "bytes=0-1,5-6"}, {"Range": "nonsense"}, {"Range": "bytes=5-", "If-Range": '"another"'}])
def test_what_cannot_be_a_part_is_answered_with_the_whole(browser, archive, headers):
    answer = browser.get(address(archive), headers=headers)

    assert (answer.status_code, whole(answer)) == (200, content_of(archive))


def test_head_says_what_there_is_and_is_no_fetch(browser, archive):
    answer = browser.head(address(archive), headers={"Range": "bytes=5-"})

    assert (answer.status_code, answer.headers["Content-Length"], answer.content) == (200, str(archive.size), b"")
    assert not Letter.objects.filter(kind="fetched").exists()


def test_every_part_is_that_part(browser, archive, monkeypatch):
    content = content_of(archive)

    for start, stop in ((0, 1), (1, 1000), (1023, 1025), (len(content) - 1, len(content))):
        answer = browser.get(address(archive), headers={"Range": f"bytes={start}-{stop - 1}"})
        assert (answer.headers["Content-Length"], whole(answer)) == (str(stop - start), content[start:stop])


# Told once


def test_each_session_that_fetches_is_told_once(an, browser, archive):
    """T-09."""
    for _ in range(3):
        whole(browser.get(address(archive)))
    whole(browser.get(address(archive), headers={"Range": "bytes=5-"}))
    whole(browser_of(an).get(address(archive)))

    assert Letter.objects.filter(kind="fetched").count() == 2
    told = TrailEntry.objects.filter(event="access.fetched")
    assert set(told.values_list("request_ref", "actor_ref")) == {(archive.request.ref, str(an.subject.ref))}
    assert told.count() == 2


def test_the_letter_of_a_fetch_goes_to_her_and_says_when(an, browser, archive):
    mailing.send_due()
    mail.outbox.clear()
    whole(browser.get(address(archive)))

    mailing.send_due()

    (message,) = mail.outbox
    assert message.to == [an.email]
    assert "is opgehaald" in message.subject
    assert timezone.localtime().strftime("%H:") in message.body
    assert re.search(r"https?://\S*download", message.body) is None


def test_two_fetches_are_two_mails(an, archive):
    for _ in range(2):
        whole(browser_of(an).get(address(archive)))

    mailing.send_due()

    ids = [message.extra_headers["Message-ID"] for message in mail.outbox if "opgehaald" in message.subject]
    assert len(set(ids)) == len(ids) == 2


def test_the_address_is_kept_as_long_as_the_archive(browser, archive):
    """D-4: each session is mailed; after the last that can come, the key goes."""
    key = store("keys") / f"{archive.request.ref}.key"
    mailing.send_due()
    kept = key.exists()
    Archive.objects.filter(pk=archive.pk).update(expires_at=timezone.now())

    letters.destroy_forgotten_keys(timezone.now() + timedelta(hours=2))

    assert (kept, key.exists()) == (True, False)


def test_erasure_forgets_the_address_that_an_archive_kept(an, archive):
    """G-41."""
    key = store("keys") / f"{archive.request.ref}.key"
    mailing.send_due()
    kept = key.exists()

    erase(an.subject)

    assert (kept, key.exists()) == (True, False)


@pytest.mark.django_db(transaction=True)
def test_several_connections_of_one_browser_are_told_once(an):
    races.needs_threads()
    archive = answered(an).archive
    session = browser_of(an).cookies

    def one():
        browser = Client()
        browser.cookies = session
        return len(whole(browser.get(address(archive))))

    sizes = races.at_once(one, one, one)

    assert sizes == [archive.size] * 3
    assert Letter.objects.filter(kind="fetched").count() == 1


# What goes wrong on the way


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(vault, "CHUNK", 1024)
    monkeypatch.setattr(vault, "SEALED", 1024 + vault.TAG)


def damage(archive, place):
    with archive.path.open("r+b") as file:
        file.seek(place, 2 if place < 0 else 0)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_tampered_archive_is_refused_before_its_first_byte(small_chunks, an, browser, caplog, place):
    """T-10: at its begin or its end."""
    archive = answered(an).archive
    damage(archive, place)

    answer = browser.get(address(archive))

    assert answer.status_code == 500
    assert "Dit archief geven we niet mee" in answer.content.decode()
    assert archive.request.ref in caplog.text
    assert not Letter.objects.filter(kind="fetched").exists()


def test_damage_in_the_middle_breaks_the_connection(small_chunks, an, browser):
    """T-10: rather than a wrong file that looks complete."""
    archive = answered(an).archive
    damage(archive, 1500)

    answer = browser.get(address(archive))

    with pytest.raises(ArchiveMixedUp):
        whole(answer)


def test_an_archive_cut_off_is_refused(browser, archive):
    with archive.path.open("r+b") as file:
        file.truncate(archive.size // 2)

    assert browser.get(address(archive)).status_code == 500


def test_the_file_of_somebody_else_in_its_place_is_refused(bo, browser, archive):
    """T-10."""
    other = answered(bo).archive
    other.path.replace(archive.path)

    assert browser.get(address(archive)).status_code == 500


def test_who_is_fetching_when_its_time_passes_gets_it_whole(small_chunks, an, browser):
    archive = answered(an).archive
    expected = content_of(archive)
    answer = browser.get(address(archive))

    access.expire(timezone.now() + timedelta(hours=73))

    assert whole(answer) == expected
    assert not archive.path.exists()
    assert browser.get(address(archive)).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_the_database_does_nothing_while_a_file_goes_out(an, browser):
    """A slow download may not hold up others."""
    archive = answered(an).archive
    answer = browser.get(address(archive))

    with CaptureQueriesContext(connection) as asked:
        states = {connections["default"].in_atomic_block for _block in answer.streaming_content}

    assert (states, len(asked)) == ({False}, 0)


def test_what_others_wrote_does_not_act_on_the_page(an, bo, browser):
    """Names of nobody stand on this page; her own name does, in the frame."""
    an.first_name = "<script>alert(1)</script>"
    an.save()
    make_message(bo, an, '"><img src=x onerror=alert(1)>')
    make_favourite(an, note="\u202eevil")
    make_score(an)

    text = browser.get(PAGE).content.decode()

    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
