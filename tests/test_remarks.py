"""What somebody of ours wrote stands beside the trail, where it can be destroyed; the trail has codes alone (D-5)."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from privacy.casework import by_hand, cases, expiry
from privacy.datamap import RefusalGround, Right
from privacy.days import today
from privacy.evidence import remarks, trail
from privacy.models import HeldRecord, Remark, TrailEntry
from privacy.rights import holds, setting_aside

from .codes import is_actor, is_code
from .makers import make_comment
from .properties.acts import erase
from .properties.traces import hits

WORDS = "zqwoord van An Jansen"
# Of the acts below, the tables in which the words may stand.
OWN_ROWS = {"privacy_remark", "privacy_datasubjectrequest", "privacy_hold", "privacy_heldrecord"}


def placed(member):
    on = today()
    terms = {"ground": "legal_claims", "why": WORDS, "until": on + timedelta(days=9), "review_on": on + timedelta(days=5)}
    return holds.place(member.subject, "usage.Comment", **terms, actor_ref="dpo")


def prolonged(an, daan):
    on = today() + timedelta(days=20)
    holds.prolong(placed(an).ref, until=on, review_on=on, actor_ref=daan.subject.ref, reason=WORDS)


def lifted(an, daan):
    holds.lift(placed(an).ref, actor_ref=daan.subject.ref, reason=WORDS)


def lettered(an, daan):
    how = {"channel": "letter", "identified_by": "id_card", "received_at": timezone.now()}
    by_hand.enter(an.subject, **how, reason=WORDS, actor_ref=daan.subject.ref)


def refused(an, daan):
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.refuse(request, ground=RefusalGround.UNFOUNDED, reasons=WORDS, actor_ref=daan.subject.ref)


def exported(an, daan):
    call_command("export_subject", an.email, f"--actor={WORDS}", f"--reason={WORDS}", "--format=jsonl", "--to=-")


@pytest.mark.parametrize("act", [prolonged, lifted, lettered, refused, exported])
def test_the_words_of_an_act_reach_no_row_of_the_trail(an, daan, act):
    act(an, daan)

    found = {table for table, _column in hits({"zqwoord"})}
    assert found <= OWN_ROWS
    assert found
    assert all(is_code(entry.event, entry.reason) and is_actor(entry.actor_ref) for entry in TrailEntry.objects.all())


@pytest.mark.parametrize("given", [{"reason": "brief van 3 maart"}, {"reason": "x\ny"}, {"actor_ref": "Daan"}, {"actor_ref": "de dpo"}])
def test_the_trail_refuses_what_is_no_code(db, given):
    with pytest.raises(ValueError, match="stand in a Remark"):
        trail.record("hold.opened", **given)


def test_words_go_with_the_person(an, bo):
    remarks.write(trail.record("hold.opened", subject_ref=an.subject.ref), "geschil")
    remarks.write(trail.record("hold.opened", subject_ref=bo.subject.ref), "ander geschil")

    erase(an.subject)

    assert list(Remark.objects.values_list("text", flat=True)) == ["ander geschil"]


def test_words_about_who_is_erased_go_with_what_shows_that_we_kept_the_rules(an):
    """T-29."""
    make_comment(an)
    placed(an)
    erase(an.subject)
    setting_aside.open_held(HeldRecord.objects.get(), actor_ref="dpo", reason="rechtbank")

    expiry.forget(timezone.now() + timedelta(days=365 * 4))
    assert Remark.objects.exists()
    expiry.forget(timezone.now() + timedelta(days=365 * 5 + 3))
    assert not Remark.objects.exists()


def test_nothing_said_is_no_row(db):
    remarks.write(trail.record("hold.opened"), " ")

    assert not Remark.objects.exists()
