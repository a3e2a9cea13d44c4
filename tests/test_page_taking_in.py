"""The pages on which a person brings data from elsewhere: shown before anything happens, done by her alone, then let go."""

import errno
import io
import os
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from privacy.conf import store
from privacy.errors import ArchiveTooLarge, NoRoomToWait
from privacy.evidence import events
from privacy.evidence.trail import TrailEntry
from privacy.models import Remark, Subject
from privacy.pages import step_up
from privacy.pages.places import place_for
from privacy.rights import waiting
from usage.models import Comment, Favourite, Folder

from .brought import MOMENT, _part, archive
from .makers import make_resource
from .properties.acts import erase
from .reading import questions, words_of
from .signing_in import browser_of
from .test_taking_in import COMMENT, FAVOURITE, FOLDER

pytestmark = pytest.mark.django_db

BRING, LOOK = reverse("privacy:take_in"), reverse("privacy:take_in_look")
ROWS = {"usage.Favourite": [FAVOURITE], "usage.Folder": [FOLDER], "usage.Comment": [COMMENT], "account.EmailAddress": [{"id": 1}]}


@pytest.fixture
def browser(an):
    return browser_of(an)


@pytest.fixture
def raw(an):
    make_resource("Breuken")
    return archive(ROWS, subject=an.subject.ref)


def bring(browser, raw, name="archief.zip"):
    return browser.post(BRING, {"archive": SimpleUploadedFile(name, raw)})


def take(browser, *ticked):
    """As the form of the page sends it."""
    shown = re.search(r'name="shown" value="([^"]+)"', browser.get(LOOK).content.decode())
    return browser.post(LOOK, {"take": ticked, "shown": shown[1] if shown else ""})


def let_step_up_pass(browser):
    session = browser.session
    session[step_up.SESSION_KEY] = ["password", timezone.now().timestamp() - 3600]
    session.save()


def test_she_sees_what_would_come_before_anything_does(browser, raw):
    answer = bring(browser, raw)

    page = browser.get(answer.url).content.decode()
    assert answer.url == LOOK
    for label in ("usage.Favourite", "usage.Folder"):
        assert f'value="{label}" checked' in page
    assert 'value="usage.Comment">' in page
    assert not Folder.objects.exists()


def test_what_she_ticked_comes_and_the_file_goes(an, browser, raw):
    bring(browser, raw)

    answer = take(browser, "usage.Folder", "usage.Favourite")

    assert answer.status_code == 200
    assert (Folder.objects.get().member, Favourite.objects.count(), Comment.objects.count()) == (an, 1, 0)
    assert not list(store("brought").iterdir())
    assert browser.get(LOOK).status_code == take(browser, "usage.Comment").status_code == 410


def test_it_stands_in_her_timeline(an, browser, raw):
    bring(browser, raw)

    take(browser, "usage.Folder")

    said = str(events.sentence_of("arrival.taken_in", is_mine=True)[1])
    assert said in words_of(browser.get(reverse("privacy:requests")).content.decode())


def test_the_page_that_says_it_is_gone_takes_another_one(browser, raw):
    """Its form leads to where archives are brought, not to where one is taken in."""
    page = browser.get(LOOK).content.decode()

    assert f'action="{BRING}"' in page


@pytest.mark.parametrize("address", [BRING, LOOK])
def test_both_pages_ask_first_whether_it_is_she(browser, raw, address):
    """T-07."""
    bring(browser, raw)
    let_step_up_pass(browser)

    assert browser.get(address).url.startswith(reverse("privacy:step_up"))
    assert browser.post(address, {"take": ["usage.Folder"]}).url.startswith(reverse("privacy:step_up"))
    assert not Folder.objects.exists()


def test_the_file_lies_sealed_and_opens_in_her_session_alone(an, browser, raw):
    bring(browser, raw)

    (kept,) = store("brought").iterdir()
    assert b"PK" not in kept.read_bytes()[:100]
    assert b"Voor maandag" not in kept.read_bytes()
    assert browser_of(an).get(LOOK).status_code == 410


def test_after_an_hour_it_is_refused_and_swept(browser, raw, an):
    bring(browser, raw)
    later = timezone.now() + timedelta(seconds=waiting.WAITS_SECONDS + 1)

    waiting.expire(later)

    assert not list(store("brought").iterdir())
    assert browser.get(LOOK).status_code == 410


def test_after_an_hour_it_is_refused_though_nobody_swept(browser, raw):
    bring(browser, raw)
    (kept,) = store("brought").iterdir()
    began = kept.stat().st_mtime - waiting.WAITS_SECONDS - 1

    os.utime(kept, (began, began))

    assert browser.get(LOOK).status_code == 410


def test_an_erasure_takes_it_along(an, browser, raw):
    bring(browser, raw)

    erase(an.subject)

    assert not list(store("brought").iterdir())


def test_who_asked_for_erasure_meanwhile_takes_in_nothing(an, browser, raw):
    bring(browser, raw)
    Subject.objects.filter(pk=an.subject.pk).update(hidden_at=timezone.now())

    take(browser, "usage.Folder")

    assert not Folder.objects.exists()


@pytest.mark.parametrize("sent", [b"", b"%PDF-1.7", b"PK\x03\x04" * 1000])
def test_what_is_no_archive_leaves_a_sentence_and_nothing_else(browser, sent):
    answer = bring(browser, sent)

    assert answer.status_code == 400
    assert 'class="wrong"' in answer.content.decode()
    assert not list(store("brought").iterdir())


def test_no_file_at_all_is_said(browser):
    assert browser.post(BRING, {}).status_code == 400


def test_another_persons_archive_is_refused_and_not_kept(bo, raw):
    browser = browser_of(bo)

    assert bring(browser, raw).status_code == 400
    assert not list(store("brought").iterdir())


def test_an_archive_may_be_larger_than_any_other_file_that_she_sends(browser, settings, raw):
    """Her own archive holds all that she ever sent."""
    settings.UPLOAD_BYTES_AT_MOST = len(raw) // 2

    assert bring(browser, raw).url == LOOK


@pytest.mark.parametrize("bound", [150_000, 10])
def test_what_is_larger_than_we_take_is_refused_and_not_kept(browser, settings, raw, bound):
    """A little, which the form says; or so much that it is not read to its end."""
    settings.PRIVACY = {**settings.PRIVACY, "TAKE_IN_BYTES": bound}

    answer = bring(browser, raw + bytes(200_000))

    assert answer.status_code == 400
    assert str(ArchiveTooLarge.sentence) in words_of(answer.content.decode())
    assert not list(store("brought").iterdir())


def test_no_other_site_brings_an_archive_in_her_name(an, raw):
    """T-31: the page looks for the token itself."""
    browser = browser_of(an)
    browser.handler.enforce_csrf_checks = True
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get(BRING).content.decode())[1]

    def send(**fields):
        return browser.post(BRING, {"archive": SimpleUploadedFile("archief.zip", raw), **fields})

    assert (send().status_code, send(csrfmiddlewaretoken="x" * 64).status_code) == (403, 403)
    assert not list(store("brought").iterdir())
    assert send(csrfmiddlewaretoken=token).url == LOOK


def test_of_who_is_not_known_nothing_is_read(client, db, raw, monkeypatch):
    monkeypatch.setattr("privacy.pages.taking_in.PassingHandler", lambda *_args: pytest.fail("it was read"))

    assert bring(client, raw).status_code == 302


def test_markup_in_an_archive_is_text(an, browser):
    type(an).objects.filter(pk=an.pk).update(about_me="")
    mark = "<script>alert(1)</script>\u202e\U0001f600"
    rows = {"accounts.Member": [{"id": 1, "about_me": mark, "occupation": mark}], "<b>x</b>.Y": [{"id": 1}], "usage.Folder": [FOLDER]}

    bring(browser, archive(rows, subject=an.subject.ref, references=()))

    page = browser.get(LOOK).content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>.Y" not in page


def test_an_archive_that_does_not_fit_in_memory_or_in_one_chunk_is_taken_in_too(an, browser, raw):
    """Over 2.5 MB Django writes it to disk; sealed it lies in chunks of 1 MiB."""
    large = archive(ROWS, subject=an.subject.ref, stored=[("usage.Publication", "file", 1, os.urandom(4_000_000))])

    assert bring(browser, large).url == LOOK
    take(browser, "usage.Folder")

    assert Folder.objects.get().name == "Voor maandag"


def test_no_more_are_read_at_once_than_the_machine_bears(browser, raw):
    """T-24."""
    bring(browser, raw)

    with place_for("take_in", places=1), place_for("take_in", places=2):
        busy = browser.get(LOOK), bring(browser, raw), take(browser, "usage.Folder")

    assert [answer.status_code for answer in busy] == [503, 400, 503]
    assert browser.get(LOOK).status_code == 200


def test_a_tick_for_what_is_not_offered_does_nothing(an, browser, raw):
    bring(browser, raw)

    answer = take(browser, "account.EmailAddress", "accounts.Member.is_superuser", "nothing", "x" * 10_000, "\u202e")

    assert answer.status_code == 200
    an.refresh_from_db()
    assert (an.is_superuser, an.emailaddress_set.count()) == (False, 1)


def test_ticks_for_one_archive_take_in_no_other(an, browser, raw):
    """Two windows: what the first shows is confirmed after the second brought another."""
    bring(browser, raw)
    shown = re.search(r'name="shown" value="([^"]+)"', browser.get(LOOK).content.decode())[1]
    bring(browser, archive({"usage.Folder": [{"id": 1, "name": "Uit het andere"}]}, subject=an.subject.ref))

    answer = browser.post(LOOK, {"take": ["usage.Folder"], "shown": shown})

    assert (answer.status_code, Folder.objects.count()) == (409, 0)
    assert answer.context["is_another"]
    assert take(browser, "usage.Folder").status_code == 200
    assert Folder.objects.get().name == "Uit het andere"


def test_a_full_disk_is_said_and_what_waited_stays(browser, raw, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    bring(browser, raw)
    with monkeypatch.context() as patch:
        patch.setattr(waiting.vault.Writer, "write", full)
        answer = bring(browser, raw)

    assert (answer.status_code, len(list(store("brought").iterdir()))) == (400, 1)
    assert str(NoRoomToWait.sentence) in words_of(answer.content.decode())
    assert browser.get(LOOK).status_code == 200


def test_the_preview_asks_the_database_the_same_for_many_rows(an, browser):
    def asked(many):
        rows = {"usage.Search": [{"id": nth, "words": str(nth), "searched_at": MOMENT} for nth in range(many)], "usage.Folder": [FOLDER]}
        bring(browser, archive(rows, subject=an.subject.ref))
        return questions(browser, LOOK)

    assert asked(3) == asked(300)


# The command


def run(an, path, *options):
    written = io.StringIO()
    call_command("import_archive", an.email, str(path), "--actor", "Daan", "--reason", "gevraagd per brief", *options, stdout=written)
    return written.getvalue()


def test_an_operator_takes_in_what_the_person_asked(an, raw, tmp_path):
    path = tmp_path / "archief.zip"
    path.write_bytes(raw)

    said = run(an, path)

    entry = TrailEntry.objects.get(event="arrival.taken_in")
    remark = Remark.objects.get(entry_id=entry.pk)
    assert (entry.actor_ref, entry.reason, remark.text, remark.given_by) == ("operator", "", "gevraagd per brief", "Daan")
    assert "usage.Folder: 1 new" in said
    assert (Folder.objects.count(), Comment.objects.count()) == (1, 0)
    assert "Voor maandag" not in said


def test_a_dry_run_changes_nothing(an, raw, tmp_path):
    path = tmp_path / "archief.zip"
    path.write_bytes(raw)

    said = run(an, path, "--dry-run")

    assert "usage.Folder: 1 new" in said
    assert not Folder.objects.exists()
    assert not TrailEntry.objects.exists()


def test_what_others_read_comes_with_a_word_of_its_own(an, raw, tmp_path):
    path = tmp_path / "archief.zip"
    path.write_bytes(raw)

    run(an, path, "--also", "usage.Comment")

    assert Comment.objects.get().author == an


def test_a_refusal_is_one_line(an, bo, raw, tmp_path):
    path = tmp_path / "archief.zip"
    path.write_bytes(raw)

    with pytest.raises(CommandError):
        run(bo, path)
    with pytest.raises(CommandError, match="cannot read"):
        run(an, tmp_path / "nowhere.zip")


def test_a_name_that_is_in_no_archive_is_refused_before_anything_happens(an, raw, tmp_path):
    path = tmp_path / "archief.zip"
    path.write_bytes(raw)

    with pytest.raises(CommandError, match=r"called usage\.Coment"):
        run(an, path, "--also", "usage.Coment")

    assert not Folder.objects.exists()


def test_no_name_of_an_archive_moves_the_terminal(an, tmp_path, monkeypatch):
    monkeypatch.setattr("tests.brought._part", lambda record, *rest: _part("x.\x1b[2JY", *rest))
    path = tmp_path / "archief.zip"
    path.write_bytes(archive({"x.Y": [{"id": 1}]}, subject=an.subject.ref))

    said = run(an, path, "--dry-run")

    assert "\x1b" not in said
    assert r"x.\x1b[2JY: 1 not taken" in said
