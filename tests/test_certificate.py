"""The certificate of an erasure: what it says, that it names nobody, that it is made once, and how it is handed out."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader

from privacy.casework import cases, certifying, expiry, outcome
from privacy.casework.letters import GIVE_UP_AFTER
from privacy.casework.mailing import deliver_notices, send_due
from privacy.conf import store
from privacy.datamap import Right
from privacy.days import ZONE
from privacy.evidence import signing
from privacy.evidence.certificate import Certificate
from privacy.evidence.certificate_paper import write_paper
from privacy.evidence.recipients import Notice
from privacy.evidence.trail import TrailEntry
from privacy.rights import removing
from privacy.steps import Step, Work
from privacy.verify import State, keys_of, verify_certificate

from .certificates import HELD, SAID, digested
from .makers import make_comment, make_grant, make_member, make_publication, make_score, make_view
from .properties.acts import erase
from .properties.filler import fill
from .signing_in import browser_of
from .test_letters import mail_server  # noqa: F401


def certificate_of(request) -> Certificate:
    return Certificate.objects.get(request_ref=request.ref)


def said_of(request) -> dict:
    return certificate_of(request).said


def rows_of(said, part) -> dict:
    return {(each["record"], each["fate"]): each["rows"] for each in said[part]}


def check(raw):
    return verify_certificate(BytesIO(raw), keys_of(signing.public_keys()))


def pages_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf), strict=True).pages]


def paper_of(**changed) -> str:
    file = BytesIO()
    write_paper(digested(**changed), file, zone=ZONE)
    return " ".join(pages_of(file.getvalue()))


def test_the_paper_says_what_could_not_be_read():
    scan = SAID["scan"]

    assert "2 places refused to be read" in paper_of(scan={**scan, "unread": 2})
    assert "refused to be read" not in paper_of(scan={**scan, "unread": 0}) + paper_of()


def test_the_paper_says_that_she_was_erased_once_more():
    moments = {**SAID["moments"], "replayed": "2026-12-20T09:41:00+00:00"}

    assert "20 December 2026, 10:41 we erased again." in paper_of(moments=moments)
    assert "we erased again." not in paper_of()


def attached(message) -> dict[str, bytes]:
    return {name: content if isinstance(content, bytes) else content.encode() for name, content, _kind in message.attachments}


# What it says


def test_each_erasure_gets_a_certificate_that_we_signed(an):
    """G-46."""
    request = erase(an.subject)

    verdict = check(certificate_of(request).file)

    assert (verdict.state, verdict.document["number"], verdict.document["reference"]) == (
        State.SIGNED,
        request.ref,
        str(request.subject_ref),
    )


def test_its_counts_are_those_of_the_ledger(an):
    make_score(an)
    make_view(an)
    make_comment(an)

    request = erase(an.subject, {"comments": "remove"})

    said = said_of(request)
    counted = {(each.data_map.label(), each.fate): each.rows for each in outcome.categories(request)}
    assert rows_of(said, "treated") | rows_of(said, "kept") == counted
    assert rows_of(said, "treated")["usage.Comment", "remove"] == 1
    assert rows_of(said, "kept").keys() == {key for key in counted if key[1] == "kept"}


def test_what_came_in_meanwhile_is_added_to_its_table(an, monkeypatch):
    make_score(an)
    look = removing._look_under_lock
    monkeypatch.setattr(removing, "_left_for_batches", lambda work, at_most: removing._found(work))
    monkeypatch.setattr(removing, "_look_under_lock", lambda *given: (make_score(an), look(*given))[1])

    request = erase(an.subject)

    scores = [(each.fate, each.rows) for each in outcome.categories(request) if each.data_map.label() == "usage.Score"]
    assert scores == [("anonymised", 2)]
    assert [each["rows"] for each in said_of(request)["treated"] if each["record"] == "usage.Score"] == [2]


def test_what_is_kept_stands_there_with_ground_and_end(db):
    """G-39."""
    request = erase(make_member("An", language="en").subject)

    kept = next(each for each in said_of(request)["kept"] if each["record"] == "privacy.TrailEntry")

    assert (kept["ground"], kept["reason"], kept["until"]) == (
        "accountability",
        "showing that we kept the rules",
        "without end date; once the account is erased, its reference leads to nobody",
    )


def test_it_names_nobody(db):
    """T-26: neither file holds a mark of hers; all it has is the reference, which leads to nobody."""
    an = fill("An", 11)
    request = erase(an.subject)

    files = certifying.files_of(certificate_of(request))

    text = certificate_of(request).file.decode() + " ".join(pages_of(files[0].content))
    assert [mark for mark in an.marks - {str(request.subject_ref)} if mark in text.lower()] == []
    assert str(request.subject_ref) in text


def test_the_certificate_says_when_the_last_of_hers_went(an):
    """No step after this one treats anything of hers but to tell, to look and to answer."""
    make_publication(an, text="x")
    request = erase(an.subject, {"resources": "remove"})

    moments, steps = said_of(request)["moments"], list(request.run.steps.order_by("position").values_list("name", flat=True))

    last = request.run.steps.get(name=certifying.LAST_TREATMENT)
    assert moments["erased"] == certifying._moment(last.finished_at)
    assert moments["asked"] <= moments["hidden"] <= moments["erased"]
    assert said_of(request)["files_removed"] == 1
    assert set(steps[steps.index(certifying.LAST_TREATMENT) + 1 :]) <= {
        "clean up tables",
        "tell recipients",
        "look for what is left",
        "issue the certificate",
        "answer",
    }


def test_it_says_when_the_last_backup_expires(an, settings):
    """G-45."""
    settings.PRIVACY = {**settings.PRIVACY, "BACKUP_DAYS": 90}

    request = erase(an.subject)

    erased_on = request.run.steps.get(name="remove files").finished_at.astimezone(ZONE).date()
    assert said_of(request)["backups"] == {"days": 90, "end_on": (erased_on + timedelta(days=90)).isoformat()}


def test_a_recipient_that_was_not_reached_stands_there_as_such(an, edupartner, mail_server):  # noqa: F811
    make_grant(an, edupartner)
    mail_server.refuses(edupartner.recipient.contact_email)
    request = erase(an.subject)
    assert not Certificate.objects.exists()
    Notice.objects.update(created_at=timezone.now() - GIVE_UP_AFTER - timedelta(minutes=1), held_until=None)

    deliver_notices()
    type(request.run).objects.update(lease_until=None)
    cases.run(request)

    assert [(each["name"], each["state"]) for each in said_of(request)["recipients"]] == [("Edupartner", "impossible")]


def test_of_other_requests_there_is_none(an):
    request = cases.submit(Right.ACCESS, subject=an.subject)
    cases.approve(request, subject=an.subject)

    cases.run(request)

    assert not Certificate.objects.exists()


def test_it_follows_what_was_told_and_comes_before_the_answer(an):
    names = list(erase(an.subject).run.steps.order_by("position").values_list("name", flat=True))

    assert names.index("tell recipients") < names.index("issue the certificate") < names.index("answer")


# Once


def test_it_is_made_once(an):
    """G-44: a worker that was stopped right after it finds it again."""
    request = erase(an.subject)
    before = certificate_of(request)
    step = Step.objects.get(run=request.run, name="issue the certificate")
    work = Work(request.run, step, request, None)
    type(request.run).objects.update(finished_at=None, lease_until=timezone.now() + timedelta(minutes=1))

    certifying._issue_the_certificate(work)

    after = Certificate.objects.get()
    assert (after.document, after.signature) == (before.document, before.signature)
    assert TrailEntry.objects.filter(event="erasure.certified", request_ref=request.ref).count() == 1


def test_its_files_are_the_same_each_time(an):
    certificate = certificate_of(erase(an.subject))

    assert certifying.files_of(certificate) == certifying.files_of(certificate)


def test_it_can_be_checked_after_the_key_was_replaced(an):
    raw = certificate_of(erase(an.subject)).file

    signing.rotate()

    assert check(raw).state == State.SIGNED


def test_what_another_installation_signed_is_not_ours(an):
    raw = certificate_of(erase(an.subject)).file
    for file in store("keys", "signing").iterdir():
        file.unlink()

    assert check(raw).state == State.TAMPERED


# Paper


def test_the_paper_says_what_the_file_says():
    text = paper_of(held=[HELD])

    for said in ("1,200 records erased", "34 stay without the person", "8 kept, with the reason", "request ABCDEFGHJK"):
        assert said in text
    for said in ("12 December 2026, 10:41", "5,000 rows", "Left over: 0.", "such a mark stands 3 times", "2 stored files were removed"):
        assert said in text
    for said in ("Messages legal claims 12 May 2027 1", "Edupartner delivered", "expires on 11 January 2027"):
        assert said in text


def test_the_paper_carries_the_fingerprint_that_the_check_shows(an):
    certificate = certificate_of(erase(an.subject))

    text = " ".join(pages_of(certifying.files_of(certificate)[0].content))

    assert len(certificate.fingerprint.replace(" ", "")) == 64
    assert certificate.fingerprint in text


def test_what_stays_with_the_name_is_not_said_to_be_without():
    named = {**SAID["treated"][1], "fate": "name_stays"}

    text = paper_of(treated=[named])

    assert "34 stay with the name, as asked" in text
    assert "without the person" not in text


def test_where_nothing_stays_and_nobody_had_to_know_it_says_so():
    text = paper_of(kept=[], recipients=[], scan=None, files_removed=0)

    assert "What stays, and why Nothing." in text
    assert "Nobody: no recipient held something." in text
    assert "What we looked for" not in text


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_it_is_two_sheets_at_most_however_much_there_was(language):
    treated = [{**SAID["treated"][0], "title": f"kind {number}"} for number in range(300)]
    recipients = [{**SAID["recipients"][0], "name": f"Partner {number}"} for number in range(20)]
    file = BytesIO()

    write_paper(digested(treated=treated, recipients=recipients, language=language), file, zone=ZONE)

    assert len(pages_of(file.getvalue())) <= 2


def test_a_hold_to_be_looked_at_again_says_when():
    assert "looked at again on 1 February 2027" in paper_of(held=[{**HELD, "until": ""}])


# Handed out


def test_the_answer_brings_both_files(db):
    """G-46, T-09: by mail alone, as nothing that is ours is fetched with a link."""
    an = make_member("An", language="en")

    request = erase(an.subject)

    answer = mail.outbox[-1]
    files = attached(answer)
    assert list(files) == [f"certificate-{request.ref}.pdf", f"certificate-{request.ref}.json"]
    assert check(files[f"certificate-{request.ref}.json"]).state == State.SIGNED
    with override("en"):
        day = certifying.backups_end_on(certificate_of(request))
    assert f"{day:%b}" in answer.body.partition("expires on ")[2][:20]
    assert f"python -m privacy.verify certificate-{request.ref}.json" in answer.body


def test_the_answer_says_what_the_search_found(db, monkeypatch):
    monkeypatch.setattr(certifying, "_scan", lambda ref: SAID["scan"])

    erase(make_member("An", language="en").subject)

    assert "we looked in 40 places and 5,000 rows for everything that pointed to you. Left over: 0." in mail.outbox[-1].body


def test_no_other_letter_has_attachments(an, bo):
    request = cases.submit(Right.ERASURE, subject=bo.subject)
    cases.cancel(request)
    erase(an.subject)
    send_due()

    assert [len(message.attachments) for message in mail.outbox if "antwoord" not in message.subject] == [0, 0, 0]


def test_the_officer_can_post_it(an, daan):
    request = erase(an.subject)

    answers = {kind: browser_of(daan).get(f"/my-privacy/desk/{request.ref}/certificate.{kind}") for kind in ("pdf", "json")}

    assert b"".join(answers["json"].streaming_content) == certificate_of(request).file
    assert b"".join(answers["pdf"].streaming_content).startswith(b"%PDF")
    assert all("attachment" in answer.headers["Content-Disposition"] for answer in answers.values())


def test_the_officer_finds_it_on_the_page_of_the_request(an, bo, daan):
    issued, other = erase(an.subject), cases.submit(Right.ERASURE, subject=bo.subject)

    pages = [browser_of(daan).get(f"/my-privacy/desk/{request.ref}/").content.decode() for request in (issued, other)]

    assert ["/certificate.pdf" in page for page in pages] == [True, False]


@pytest.mark.parametrize("kind", ["", "zip", "PDF", "pdf/../json", "\u202e", "x" * 1000])
def test_there_is_no_other_kind(an, daan, kind):
    request = erase(an.subject)

    assert browser_of(daan).get(f"/my-privacy/desk/{request.ref}/certificate.{kind}").status_code == 404


def test_nobody_else_gets_it(an, bo, client):
    """D-4."""
    address = f"/my-privacy/desk/{erase(an.subject).ref}/certificate.pdf"

    assert browser_of(bo).get(address).status_code == 403
    assert client.get(address).status_code == 302


def test_where_none_was_issued_there_is_none(bo, daan):
    request = cases.submit(Right.ERASURE, subject=bo.subject)

    assert browser_of(daan).get(f"/my-privacy/desk/{request.ref}/certificate.pdf").status_code == 404


def test_it_goes_with_what_shows_that_we_kept_the_rules(an):
    request = erase(an.subject)

    expiry.forget(timezone.now() + timedelta(days=365 * 5 - 30))
    assert Certificate.objects.exists()
    expiry.forget(timezone.now() + timedelta(days=365 * 5 + 30))

    assert not Certificate.objects.filter(request_ref=request.ref).exists()
