"""Alerts before an answer is due: 7, 3, 1 and 0 days ahead, and each day once it is late (G-09)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from privacy.casework import agenda, alerts, cases
from privacy.casework.agenda import Kind
from privacy.datamap import RefusalGround, Right
from privacy.days import ZONE, today
from privacy.models import Absence, Alert, DataSubjectRequest
from privacy.tasks import nightly

from .makers import desk_permissions, make_member
from .test_page_desk import asked_by

DUE = date(2027, 3, 29)


def night(days, hour=3):
    """So many days before the last one, at three in Brussels."""
    day = DUE - timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)


def due(asked, day=DUE):
    DataSubjectRequest.objects.filter(pk=asked.pk).update(due_on=day)
    agenda.AgendaItem.objects.filter(request_ref=asked.ref).update(due_on=day)
    return asked


def test_four_alerts_come_before_the_last_day_and_one_each_day_after_it(an, mailoutbox):
    """G-09; one of these nights is the change of the clock."""
    due(asked_by(an))

    sent = []
    for days in range(10, -4, -1):
        alerts.send(night(days))
        sent += [days] * (len(mailoutbox) - len(sent))

    assert sent == [7, 3, 1, 0, -1, -2, -3]


def test_each_is_sent_once_however_often_the_night_comes(an, mailoutbox):
    due(asked_by(an))

    for hour in (1, 3, 23):
        alerts.send(night(3, hour))

    assert len(mailoutbox) == 1
    assert Alert.objects.get().days_left == 3


def test_the_day_is_that_of_brussels(an, mailoutbox):
    """G-03: 23:30 UTC is the day after."""
    due(asked_by(an))

    alerts.send(datetime(2027, 3, 21, 22, 30, tzinfo=UTC))
    assert not mailoutbox
    alerts.send(datetime(2027, 3, 21, 23, 30, tzinfo=UTC))

    assert len(mailoutbox) == 1


def test_a_night_that_was_missed_is_made_up_for(an, mailoutbox):
    due(asked_by(an))

    alerts.send(night(5))
    alerts.send(night(2))

    assert list(Alert.objects.order_by("pk").values_list("days_left", flat=True)) == [7, 3]


def test_one_mail_names_every_number_and_nobody(an, bo, mailoutbox):
    soon, late = due(asked_by(an)), due(asked_by(bo), DUE - timedelta(days=5))

    alerts.send(night(3))

    [mail] = mailoutbox
    assert mail.to == ["dpo@platform.example"]
    assert f"- {soon.ref}: nog 3 dagen" in mail.body
    assert f"- {late.ref}: 2 dagen te laat" in mail.body
    assert "\n\n\n" not in mail.body
    assert not [word for word in ("Peeters", "Janssens", an.email, str(an.subject.ref)) if word in mail.subject + mail.body]


def test_a_last_day_that_moved_is_alerted_anew(an, mailoutbox):
    """G-04: after an extension."""
    asked = due(asked_by(an))
    alerts.send(night(3))

    due(asked, DUE + timedelta(days=4))
    alerts.send(night(3))

    assert list(Alert.objects.order_by("pk").values_list("days_left", flat=True)) == [3, 7]


def test_what_was_answered_is_alerted_no_more(an, mailoutbox):
    asked = due(asked_by(an))
    cases.refuse(asked, ground=RefusalGround.EXCEPTION, reasons="Omdat.", actor_ref="dpo")

    alerts.send(night(0))

    assert not mailoutbox


def test_what_a_worker_carries_out_is_alerted_too(an, mailoutbox):
    """G-09: silence of a machine is silence."""
    asked = due(asked_by(an, Right.ACCESS))

    alerts.send(night(1))

    assert asked.ref in mailoutbox[0].body


def test_what_waits_apart_from_a_request_is_alerted_too(db, mailoutbox):
    agenda.note(Kind.BREACH, "LEK2345678", DUE)

    alerts.send(night(0))

    assert "LEK2345678" in mailoutbox[0].body


def test_a_mail_that_fails_is_tried_the_next_night(an, settings, mailoutbox):
    due(asked_by(an))
    mailer = settings.PRIVACY
    settings.PRIVACY = {**mailer, "MAILER": "tests.test_reviews.fail"}
    with pytest.raises(ConnectionError):
        alerts.send(night(3))
    settings.PRIVACY = mailer

    alerts.send(night(2))

    assert len(mailoutbox) == 1
    assert Alert.objects.get().days_left == 3


def test_without_an_officer_nothing_is_sent_and_nothing_forgotten(an, settings, mailoutbox):
    due(asked_by(an))
    settings.PRIVACY = {**settings.PRIVACY, "DPO": {"name": "", "email": ""}}

    alerts.send(night(0))

    assert not mailoutbox
    assert not Alert.objects.exists()


def test_many_are_counted_below_the_list(db, monkeypatch, mailoutbox):
    monkeypatch.setattr(alerts, "LISTED", 2)
    for number in range(5):
        agenda.note(Kind.LIFT, f"NR{number}", DUE)

    alerts.send(night(3))

    assert mailoutbox[0].body.count("- NR") == 2
    assert "Op de balie staan er nog 3." in mailoutbox[0].body


def test_however_many_there_are_each_is_alerted_in_time_and_counted(db, monkeypatch, mailoutbox):
    """What is late already does not keep its place from what comes after it."""
    monkeypatch.setattr(alerts, "LISTED", 2)
    for number in range(1_001):
        agenda.note(Kind.LIFT, f"LATE{number:04}", DUE - timedelta(days=20))
        agenda.note(Kind.LIFT, f"SOON{number:04}", DUE)

    alerts.send(night(7))

    assert Alert.objects.filter(days_left=7).count() == Alert.objects.filter(days_left=-13).count() == 1_001
    assert "Op de balie staan er nog 1.998." in mailoutbox[0].body


def test_of_a_number_with_several_last_days_none_hides_another(an, mailoutbox):
    """That an answer which came back waits too long says nothing of the request itself, nor the reverse."""
    asked = due(asked_by(an))
    agenda.note(Kind.BOUNCED, asked.ref, DUE - timedelta(days=5))
    agenda.note(Kind.POST, asked.ref, DUE - timedelta(days=3))

    alerts.send(night(3))

    assert f"- {asked.ref}: 2 dagen te laat" in mailoutbox[0].body
    assert f"- {asked.ref}: de laatste dag" in mailoutbox[0].body
    assert f"- {asked.ref}: nog 3 dagen" in mailoutbox[0].body


def test_while_she_is_away_her_stand_in_gets_them_too(an, daan, mailoutbox):
    due(asked_by(an))
    els = make_member("Els")
    els.user_permissions.add(*desk_permissions())
    Absence.objects.create(subject_ref=daan.subject.ref, stand_in_ref=els.subject.ref, begins_on=DUE - timedelta(days=3), ends_on=DUE)

    alerts.send(night(7))
    alerts.send(night(3))

    assert [mail.to for mail in mailoutbox] == [["dpo@platform.example"], ["dpo@platform.example", els.email]]


def test_the_night_sends_them(an, mailoutbox):
    """The task itself."""
    due(asked_by(an), today())

    nightly()

    assert [mail for mail in mailoutbox if DataSubjectRequest.objects.get().ref in mail.body and mail.to == ["dpo@platform.example"]]


def test_that_we_were_warned_goes_after_five_years(an):
    """G-68."""
    due(asked_by(an))
    alerts.send(night(3))

    alerts.forget(night(3) + timedelta(days=4 * 365))
    assert Alert.objects.exists()
    alerts.forget(night(3) + timedelta(days=6 * 366))

    assert not Alert.objects.exists()
