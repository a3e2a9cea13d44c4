"""What nobody should send, and what is done with it: refused in words, or kept exactly as it came."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import Member
from privacy.casework import cases, mailing
from privacy.casework.cases import DataSubjectRequest
from privacy.datamap import RefusalGround, Right
from privacy.errors import PreviewOutdated, PrivacyError, UnknownChoice
from privacy.evidence.recipients import Notice, tell
from usage.models import Comment

from .makers import make_comment, make_folder, make_grant, make_member, make_message, make_partner
from .properties.acts import erase

TEXTS = {
    "long": "x" * 10_000,
    "right to left": "\u202eשלום\u202c",  # noqa: RUF001 - Hebrew
    "emoji": "👩🏽‍🏫🏳️‍🌈",
    "template": "{{ settings.SECRET_KEY }}{% include 'x' %}",
    "percent": "100 %s %(ref)s %",
    "html": "<script>alert(1)</script>",
    "header": "x\r\nBcc: everybody@school.example",
}
any_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())


@pytest.mark.parametrize(
    "choices",
    [
        {"comments": ["remove"]},
        {"comments": {"remove": 1}},
        {"comments": None},
        {"comments": True},
        {"comments": "remove\x00"},
        {"comments": "REMOVE"},
        {"Comments": "remove"},
        {"": "remove"},
        {None: "remove"},
        {"comments": "remove", "articles": "remove"},
    ],
)
def test_a_choice_that_is_none_is_refused(an, choices):
    with pytest.raises(UnknownChoice):
        cases.submit(Right.ERASURE, subject=an.subject, choices=choices)

    assert not DataSubjectRequest.objects.exists()


@pytest.mark.parametrize("seen", ["", "x", "\x00", 64 * "0", "é", 0])
def test_a_fingerprint_that_was_never_shown_is_outdated(an, seen):
    with pytest.raises(PreviewOutdated):
        cases.submit(Right.ERASURE, subject=an.subject, seen=seen)


@any_text
def test_reasons_in_any_words_reach_the_letter_as_they_are(an, text):
    """T-11: not run, not escaped, no header."""
    request = cases.submit(Right.ACCESS, subject=an.subject)
    cases.refuse(request, ground=RefusalGround.UNFOUNDED, reasons=text, actor_ref="dpo")

    mailing.send_due()

    refusal = mail.outbox[-1]
    assert text.replace("\r\n", "\n") in refusal.body.replace("\r\n", "\n")
    assert (refusal.to, refusal.recipients(), len(refusal.subject.splitlines())) == ([an.email], [an.email], 1)


@any_text
def test_a_recipient_with_any_name_is_named_as_it_is(an, edupartner, text):
    make_grant(an, edupartner)
    type(edupartner.recipient).objects.update(name=text[:200])

    erase(an.subject)

    assert text[:200].replace("\r\n", "\n") in mail.outbox[-1].body.replace("\r\n", "\n")


@any_text
def test_whatever_she_wrote_is_erased(an, bo, text):
    make_folder(an, name=text[:100])
    make_message(an, an, text)
    comment = make_comment(an, text=text)
    Comment.objects.filter(pk=comment.pk).update(shown_name=text[:200])

    request = erase(an.subject)

    left = Comment.objects.get()
    assert (request.status, left.shown_name, left.text) == ("fulfilled", "", text)


@pytest.mark.parametrize("address", ["bcc@x.example\nBcc: all@x.example", "geen adres", "", "x" * 250 + "@x", "a@b,c@d.example"])
def test_a_recipients_address_that_is_none_stops_nobody_else(an, address):
    bad, good = make_partner("slecht"), make_partner("goed")
    type(bad.recipient).objects.filter(pk=bad.recipient_id).update(contact_email=address[:254])
    for partner in (bad, good):
        tell(partner.recipient, "withdrawal", subject_ref=an.subject_id, known_as="x", request_ref="ABC")

    mailing.deliver_notices()

    assert Notice.objects.get(recipient=good.recipient).state == "delivered"
    assert all("all@x.example" not in message.recipients() for message in mail.outbox)


@pytest.mark.parametrize("language", ["zz", "NL", "n!", "..", "", "é", "\\"])
def test_a_language_that_is_none_still_gives_a_letter(an, language):
    Member.objects.filter(pk=an.pk).update(language=language)
    cases.submit(Right.ACCESS, subject=an.subject)

    assert mailing.send_due() == 1
    assert mail.outbox[0].body


@pytest.mark.parametrize(
    "address",
    ["o'brien+school@school.example", "an@scholé.example", '"an peeters"@school.example', "a" * 64 + "@" + "b" * 180 + ".example"],
)
def test_an_unusual_address_gets_its_letter(db, address):
    cases.submit(Right.ACCESS, subject=make_member("An", email=address).subject)

    assert mailing.send_due() == 1
    assert mail.outbox[0].to == [address]


@pytest.mark.parametrize("grace", [timedelta(days=-1), timedelta(0), timedelta(days=36_500)])
def test_any_time_to_go_back_is_kept_to(an, grace):
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject, grace=grace)

    if grace > timedelta(0):
        with pytest.raises(PrivacyError):
            cases.run(request)
    else:
        assert cases.run(request) is True
    assert Member.objects.exists() == (grace > timedelta(0))
