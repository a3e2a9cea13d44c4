"""The pages of moderator and custodian, and the one on which a banned person objects: who sees them, and what they do with bad input."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.bans import is_banned
from accounts.misconduct import moderating, objecting, roles
from accounts.models import Ban, FormalNotice, Member
from privacy.casework import cases
from privacy.datamap import Right
from privacy.models import DataSubjectRequest, TrailEntry
from privacy.pages import step_up
from privacy.rights import erasure

from .answers import seen_of
from .makers import make_member
from .misconduct import BREACH, PASSPHRASE, give_custodian_key, make_colleague, put_ban, warn
from .reading import questions, words_of
from .signing_in import browser_of
from .test_misconduct import HOSTILE

pytestmark = pytest.mark.django_db
FIND, BANS = reverse("misconduct:find"), reverse("misconduct:bans")
BAD = ["", " ", "\0", "x" * 100_000]


def of(view, *args):
    return reverse(f"misconduct:{view}", args=args)


@pytest.fixture
def banned(an, moderator):
    return put_ban(an, by=moderator)


@pytest.fixture
def mods(moderator):
    return browser_of(moderator, headers={"accept-language": "en"})


@pytest.fixture
def carlas(carla):
    return browser_of(carla, headers={"accept-language": "en"})


def too_late(browser):
    """Her last proof is old."""
    session = browser.session
    session[step_up.SESSION_KEY] = ["password", (timezone.now() - timedelta(hours=1)).timestamp()]
    session.save()


SEEN_BY = {
    "find": {"moderator"},
    "member": {"moderator"},
    "ban": {"moderator"},
    "bans": {"carla", "daan"},
    "one": {"carla"},
    "read": {"carla"},
}


@pytest.mark.parametrize("who", ["bo", "moderator", "carla", "daan"])
def test_each_page_exists_for_its_role_alone(who, request, an, banned):
    """T-17: for all others it is as absent as what does not exist."""
    browser = browser_of(request.getfixturevalue(who))
    addresses = {"find": (), "member": (an.pk,), "ban": (an.pk,), "bans": (), "one": (banned.pk,), "read": (banned.pk,)}

    seen = {view for view, args in addresses.items() if browser.get(of(view, *args)).status_code == 200}

    assert seen == {view for view, roles in SEEN_BY.items() if who in roles}


@pytest.mark.parametrize("view", ["member", "one"])
def test_what_is_there_and_what_is_not_look_the_same_to_who_has_no_role(an, bo, banned, view):
    """T-17."""
    there, absent = {"member": (an.pk, uuid4()), "one": (banned.pk, 10**30)}[view]
    browser = browser_of(bo)

    seen = [seen_of(browser.get(of(view, key)), of(view, key)) for key in (there, absent)]

    assert seen[0] == seen[1]
    assert seen[0][0] == 404


@pytest.mark.parametrize("what", ["keep", "lift", "withhold"])
@pytest.mark.parametrize("who", ["bo", "moderator", "daan"])
def test_only_the_custodian_decides(who, what, request, banned):
    answer = browser_of(request.getfixturevalue(who)).post(of("decide", banned.pk, what), {"because": "x", "reason": "time"})

    assert (answer.status_code, Ban.objects.get().kept_because) == (404, "")


def test_who_is_not_signed_in_signs_in_first(client):
    assert client.get(BANS).url.startswith(reverse("account_login"))


def test_a_role_without_being_staff_opens_nothing(an, moderator):
    moderator.is_staff = False
    moderator.save()

    assert browser_of(moderator).get(FIND).status_code == 404


def test_the_officer_reads_a_ban_that_is_objected_to_and_decides_nothing(an, banned, daan):
    objecting.say_no(banned, an.subject, "Ik was het niet.")
    browser = browser_of(daan)

    said = browser.get(of("one", banned.pk))

    assert (said.status_code, BREACH in words_of(said.content.decode()), "Ik was het niet." in said.content.decode()) == (200, True, True)
    assert b"<textarea" not in said.content
    assert browser.get(of("read", banned.pk)).status_code == 404


def links_beside(member, asked):
    page = browser_of(member).get(reverse("privacy:case", args=[asked.ref])).content.decode()
    return re.findall(r'href="(/[^"]*/banned/[0-9]+/)"', page)


def test_a_ban_is_one_click_from_the_requests_of_that_person(an, bo, banned, daan):
    objection, access = objecting.say_no(banned, an.subject, "Neen."), cases.submit(Right.ACCESS, subject=an.subject)
    other = cases.submit(Right.ACCESS, subject=bo.subject)

    assert [links_beside(daan, asked) for asked in (objection, access)] == [[of("one", banned.pk)]] * 2
    assert links_beside(daan, other) == []
    assert browser_of(daan).get(links_beside(daan, access)[0]).status_code == 200


def test_a_ban_that_an_officer_may_not_see_is_not_named_beside_a_request(an, banned, daan, carla):
    access = cases.submit(Right.ACCESS, subject=an.subject)
    roles.appoint(carla, "dpo")

    assert links_beside(daan, access) == []
    assert links_beside(Member.objects.get(pk=carla.pk), access) == [of("one", banned.pk)]


def test_who_sees_the_desk_and_is_nobody_of_ours_gets_no_link(an, banned, daan):
    objection = objecting.say_no(banned, an.subject, "Neen.")
    daan.is_staff = False
    daan.save()

    assert links_beside(daan, objection) == []


def test_a_moderator_finds_a_member_and_her_look_is_noted(an, mods, moderator):
    answer = mods.post(FIND, {"address": " AN.Peeters@School.example"})

    assert answer.url == of("member", an.pk)
    mods.get(answer.url)
    entry = TrailEntry.objects.get(event="moderation.opened")
    assert (entry.subject_ref, entry.actor_ref) == (an.subject_id, str(moderator.subject_id))


def test_a_look_beside_a_form_that_was_not_right_is_noted_too(an, banned, mods, carlas):
    """T-17."""
    mods.post(of("member", an.pk), {"text": ""})
    mods.get(of("ban", an.pk))
    carlas.post(of("decide", banned.pk, "keep"), {})

    assert list(TrailEntry.objects.order_by("pk").values_list("event", flat=True))[-3:] == ["moderation.opened"] * 2 + ["ban.seen"]


@pytest.mark.parametrize("address", [*BAD, "nobody@school.example", "<script>@x.example", "an\u202e@school.example"])
def test_an_address_of_nobody_is_said_in_words(mods, address):
    answer = mods.post(FIND, {"address": address})

    assert answer.status_code == 400
    assert b"<script>@x" not in answer.content


@pytest.mark.parametrize("text", HOSTILE)
def test_a_notice_is_written_on_the_page_and_read_by_an(an, mods, text):
    assert mods.post(of("member", an.pk), {"text": text}).status_code == 302

    said = browser_of(an).get(reverse("accounts:notices")).content.decode()
    assert FormalNotice.objects.get().text == text
    assert "<script>alert" not in said
    assert "<img src=x" not in said


@pytest.mark.parametrize("text", BAD)
def test_a_notice_that_says_nothing_or_too_much_is_refused_and_kept_on_the_page(an, mods, text):
    answer = mods.post(of("member", an.pk), {"text": text})

    assert (answer.status_code, FormalNotice.objects.count()) == (400, 0)
    assert not text.strip("\0 ") or text in answer.content.decode()


def test_bo_does_not_read_ans_notices(an, bo, moderator):
    warn(an, by=moderator)

    assert "days ago" not in browser_of(bo).get(reverse("accounts:notices")).content.decode()


def test_a_moderator_bans_and_an_is_out(an, mods, moderator):
    warn(an, by=moderator)
    ans = browser_of(an)

    answer = mods.post(of("ban", an.pk), {"breach": BREACH}, follow=True)

    assert "Banned: signed out everywhere" in answer.content.decode()
    assert (is_banned(an.email), ans.get("/").context["user"].is_authenticated) == (True, False)


def test_a_ban_without_its_notices_is_refused_and_what_was_written_stays(an, mods):
    answer = mods.post(of("ban", an.pk), {"breach": BREACH})

    assert (answer.status_code, BREACH in answer.content.decode(), Ban.objects.exists()) == (400, True, False)


def test_whose_proof_is_old_shows_it_again_and_loses_no_word(an, mods, moderator):
    """T-07."""
    warn(an, by=moderator)
    too_late(mods)

    looked, sent = mods.get(of("ban", an.pk)), mods.post(of("ban", an.pk), {"breach": BREACH})

    assert looked.url.startswith(reverse("privacy:step_up"))
    assert (sent.status_code, BREACH in sent.content.decode(), Ban.objects.exists()) == (400, True, False)
    assert reverse("misconduct:proven") in mods.get(reverse("misconduct:proven")).request["PATH_INFO"]


def test_the_list_names_nobody(an, banned, carlas):
    """G-40."""
    said = carlas.get(BANS).content.decode() + carlas.get(of("one", banned.pk)).content.decode()

    assert "an.peeters" not in said.lower()
    assert str(an.subject_id) not in said


def test_the_custodian_looks_an_address_up(an, banned, carlas):
    found, absent = (carlas.post(BANS, {"address": address}) for address in ("AN.peeters@school.example", "carl@elders.example"))

    assert (found.url, absent.status_code) == (of("one", banned.pk), 400)
    assert TrailEntry.objects.filter(event="ban.looked_up").count() == 2


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_address_is_not_looked_up(carlas, address):
    assert carlas.post(BANS, {"address": address}).status_code == 400
    assert not TrailEntry.objects.filter(event="ban.looked_up").exists()


def key_form(file, **changed):
    return {"reason": "review", "key_file": SimpleUploadedFile("carla.pem", file), "passphrase": PASSPHRASE} | changed


def test_the_custodian_reads_the_address_on_one_answer(an, moderator, carlas, settings):
    key_file = give_custodian_key(settings)
    banned = put_ban(an, by=moderator)

    answer = carlas.post(of("read", banned.pk), key_form(key_file))

    assert "an.peeters@school.example" in words_of(answer.content.decode())
    assert "no-store" in answer.headers["Cache-Control"]
    assert "an.peeters" not in carlas.get(of("read", banned.pk)).content.decode()
    assert "an.peeters" not in str(dict(carlas.session))


WRONG = [
    *({"passphrase": "een andere"}, {"passphrase": "x" * 100_000}, {"reason": ""}, {"reason": "nosy"}),
    *({"key_file": ""}, {"key_file": SimpleUploadedFile("carla.pem", b"x" * 100_000)}),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_key_or_no_reason_shows_nothing_and_repeats_no_passphrase(an, moderator, carlas, settings, wrong):
    key_file = give_custodian_key(settings)
    banned = put_ban(an, by=moderator)

    answer = carlas.post(of("read", banned.pk), key_form(key_file, **wrong))

    assert answer.status_code == 400
    assert "an.peeters" not in answer.content.decode()
    assert wrong.get("passphrase", PASSPHRASE) not in answer.content.decode()
    assert not TrailEntry.objects.filter(event="ban.address_read").exists()


def test_the_custodian_keeps_withholds_and_lifts(banned, carlas):
    kept = carlas.post(of("decide", banned.pk, "keep"), {"because": "Still."})
    withheld = carlas.post(of("decide", banned.pk, "withhold"), {"ground": "others"})
    row = Ban.objects.get()
    lifted = carlas.post(of("decide", banned.pk, "lift"), {"reason": "time"})

    assert {answer.status_code for answer in (kept, withheld, lifted)} == {302}
    assert (row.kept_because, row.withheld, Ban.objects.exists()) == ("Still.", "others", False)


@pytest.mark.parametrize(
    ("what", "sent"),
    [("keep", {}), ("keep", {"because": "x" * 10_000}), ("lift", {}), ("lift", {"reason": "x"}), ("withhold", {"ground": "x"})],
)
def test_a_decision_without_its_reason_is_refused(banned, carlas, what, sent):
    assert carlas.post(of("decide", banned.pk, what), sent).status_code == 400
    assert (Ban.objects.get().kept_because, Ban.objects.get().withheld) == ("", "")


def test_a_decision_after_an_old_proof_waits_and_loses_no_word(banned, carlas):
    """T-07."""
    too_late(carlas)

    answer = carlas.post(of("decide", banned.pk, "keep"), {"because": "Still needed."})

    assert (answer.status_code, "Still needed." in answer.content.decode(), Ban.objects.get().kept_because) == (400, True, "")


def test_a_decision_that_does_not_exist_is_absent(banned, carlas):
    assert carlas.post(of("decide", banned.pk, "burn")).status_code == 404
    assert carlas.get(of("decide", banned.pk, "lift")).status_code == 405


def link(banned):
    return of("object", objecting.link_to(banned).rstrip("/").rpartition("/")[2])


@pytest.mark.parametrize("text", ["", *HOSTILE])
def test_a_banned_person_objects_without_signing_in(an, banned, client, text):
    """Art. 21."""
    page = client.get(link(banned))

    answer = client.post(link(banned), {"text": text}, headers={"accept-language": "en"})

    asked = DataSubjectRequest.objects.get()
    assert (page.status_code, answer.status_code, asked.ref in words_of(answer.content.decode())) == (200, 200, True)
    assert "<script>alert" not in answer.content.decode()


def test_the_page_of_an_objection_says_neither_who_nor_why(an, banned, client):
    """D-4: who else has the link learns nothing."""
    said = client.get(link(banned)).content.decode().lower()

    assert BREACH.lower() not in said
    assert "peeters" not in said


def test_opening_the_link_changes_nothing_and_sending_twice_is_one(banned, client):
    client.get(link(banned))
    assert not DataSubjectRequest.objects.exists()

    for _each in range(2):
        assert client.post(link(banned), {"text": ""}).status_code == 200

    assert DataSubjectRequest.objects.count() == 1


@pytest.mark.parametrize("text", ["\0", "x" * 100_000])
def test_an_objection_that_is_too_long_is_refused_in_words(banned, client, text):
    assert client.post(link(banned), {"text": text}).status_code == 400
    assert not DataSubjectRequest.objects.exists()


def test_an_objection_needs_the_token_of_the_form(banned):
    assert Client(enforce_csrf_checks=True).post(link(banned), {"text": ""}).status_code == 403


def test_who_was_erased_reads_whom_to_write_to(an, banned, client):
    Ban.objects.update(subject_ref=uuid4())

    answer = client.post(link(banned), {"text": "x"})

    assert "dpo@platform.example" in answer.content.decode()
    assert not DataSubjectRequest.objects.exists()


def test_a_forged_link_is_refused(client):
    assert client.get(of("object", "1:x:y")).status_code == 404


def test_a_hidden_member_can_still_be_opened_by_a_moderator(an, mods):
    erasure.hide(an.subject)

    assert mods.get(of("member", an.pk)).status_code == 200


def test_pages_ask_as_much_however_many_rows(an, bo, moderator, carlas, mods):
    put_ban(an, by=moderator)
    warn(bo, by=moderator)
    few = questions(carlas, BANS), questions(mods, of("member", bo.pk))
    for name in ("Els", "Fien", "Gust"):
        put_ban(make_member(name), by=moderator)
    for _each in range(5):
        moderating.give_notice(bo, "Again.", by=moderator.subject)

    assert (questions(carlas, BANS), questions(mods, of("member", bo.pk))) == few


def test_the_account_page_shows_each_role_its_entry(an, moderator, carla):
    pages = {who.first_name: browser_of(who).get(reverse("account")).content.decode() for who in (an, moderator, carla)}

    assert {name: [f'"{FIND}"' in page, f'"{BANS}"' in page] for name, page in pages.items()} == {
        "An": [False, False],
        "Mieke": [True, False],
        "Carla": [False, True],
    }


def test_a_second_moderator_reads_that_it_was_done(an, mods, moderator):
    other = make_colleague("Nele", "moderator")
    put_ban(an, by=other)

    answer = mods.post(of("ban", an.pk), {"breach": "Else."})

    assert (answer.status_code, "Another moderator banned" in answer.content.decode()) == (400, True)
