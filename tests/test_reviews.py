"""The data protection officer is reminded of holds: by code, once a week, until she looks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from privacy.casework import reviews
from privacy.days import today
from privacy.models import HeldRecord, Hold
from privacy.rights import holds

from .makers import make_view
from .test_holds import erased, hold


def in_days(days):
    return timezone.now() + timedelta(days=days)


def test_one_mail_names_every_hold_that_is_due_and_nobody(an, bo, mailoutbox):
    due = [hold(an), hold(bo)]
    hold(an, "usage.Score", review_on=today() + timedelta(days=90))

    reviews.remind(in_days(30))

    [mail] = mailoutbox
    assert mail.to == ["dpo@platform.example"]
    assert all(holds.code_of(each.ref) in mail.body for each in due)
    assert not [word for word in ("Peeters", an.email, str(an.subject.ref), "geschil") if word in mail.body]


def test_what_was_set_aside_in_parts_is_named_once(an, mailoutbox, monkeypatch):
    monkeypatch.setattr("privacy.rights.setting_aside.ROWS_TOGETHER", 1)
    make_view(an)
    make_view(an)
    ref = hold(an, "usage.ResourceView").ref
    erased(an)

    reviews.remind(in_days(30))

    assert mailoutbox[-1].body.count(holds.code_of(ref)) == 1


def test_before_its_day_nobody_is_reminded(an, mailoutbox):
    hold(an)

    reviews.remind(in_days(29))

    assert not mailoutbox


def test_who_does_not_look_is_reminded_each_week(an, mailoutbox):
    hold(an)

    for days in (30, 31, 36, 37, 38):
        reviews.remind(in_days(days))

    assert len(mailoutbox) == 2


def test_who_prolonged_it_is_left_alone(an, mailoutbox):
    ref = hold(an).ref
    reviews.remind(in_days(30))
    until = today() + timedelta(days=300)

    holds.prolong(ref, until=until, review_on=until, actor_ref="dpo", reason="loopt nog")
    reviews.remind(in_days(60))

    assert len(mailoutbox) == 1


def test_a_mail_that_fails_is_tried_the_next_night(an, settings):
    hold(an)
    settings.PRIVACY = {**settings.PRIVACY, "MAILER": "tests.test_reviews.fail"}

    with pytest.raises(ConnectionError):
        reviews.remind(in_days(30))

    assert Hold.objects.get().reminded_on is None


def fail(message):
    raise ConnectionError


def test_without_an_officer_nothing_is_sent(an, settings, mailoutbox):
    hold(an)
    settings.PRIVACY = {**settings.PRIVACY, "DPO": {"name": "", "email": ""}}

    reviews.remind(in_days(30))

    assert not mailoutbox
    assert not HeldRecord.objects.exists()
