"""Values that expire by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from privacy.datamap import after, anonymised, blank, delete_file, detach, keep, month, observed, person, provided
from privacy.days import start_of
from privacy.rights import erasure, retention
from privacy.rights.erasure import FileRemoval
from privacy.rights.nights import RetentionRun
from usage.models import ResourceView, SignIn

from .beside import declared, key_to, make_table
from .makers import make_resource, make_sign_in, make_view
from .paces import in_batches_of
from .properties.traces import snapshot
from .test_holds import hold

VIEWED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EXPIRED = VIEWED + timedelta(days=90)
AN_INSTANT = timedelta(microseconds=1)
LEDGER = RetentionRun._meta.db_table


def address_of(view):
    return ResourceView._base_manager.get(pk=view.pk).ip_address


def test_an_ip_address_goes_after_90_days_and_not_before(an):
    """K-1: to the microsecond."""
    view = make_view(an, viewed_at=VIEWED)

    assert retention.apply(EXPIRED - AN_INSTANT) == 0
    assert retention.apply(EXPIRED) == 0
    assert address_of(view) == "192.0.2.7"
    assert retention.apply(EXPIRED + AN_INSTANT) == 1
    assert address_of(view) is None


def test_it_takes_the_value_and_leaves_the_row_as_it_is(an):
    view = make_view(an, viewed_at=VIEWED)

    retention.apply(EXPIRED + timedelta(days=1))

    left = ResourceView.objects.get(pk=view.pk)
    assert (left.member, left.resource, left.viewed_at) == (an, view.resource, VIEWED)


def test_the_second_time_it_changes_nothing(an):
    make_view(an, viewed_at=VIEWED)
    retention.apply(EXPIRED + timedelta(days=1))
    before = snapshot()

    assert retention.apply(EXPIRED + timedelta(days=2)) == 0
    assert snapshot() | {LEDGER: {}} == before | {LEDGER: {}}


def test_an_address_that_was_never_there_is_no_work(an):
    make_view(an, viewed_at=VIEWED, ip_address=None)

    assert retention.apply(EXPIRED + timedelta(days=1)) == 0


@pytest.mark.parametrize("is_one_row", [True, False])
def test_what_is_held_keeps_its_values_until_the_hold_ends(an, bo, is_one_row):
    view, other, his = make_view(an, viewed_at=VIEWED), make_view(an, viewed_at=VIEWED), make_view(bo, viewed_at=VIEWED)
    held = hold(an, "usage.ResourceView", row_key=str(view.pk) if is_one_row else "")
    last_day = start_of(held.until)

    retention.apply(last_day)

    assert (address_of(view), address_of(his)) == ("192.0.2.7", None)
    assert address_of(other) == (None if is_one_row else "192.0.2.7")
    assert retention.apply(last_day + timedelta(days=1)) == (1 if is_one_row else 2)


def test_it_reaches_the_rows_of_people_who_are_hidden(an):
    view = make_view(an, viewed_at=VIEWED)
    erasure.hide(an.subject)

    retention.apply(EXPIRED + timedelta(days=1))

    assert address_of(view) is None


@pytest.mark.parametrize("size", [1, 2, 3])
def test_in_batches_it_is_all_done(an, bo, size, monkeypatch):
    in_batches_of(size, monkeypatch)
    resource = make_resource()
    old = [make_view(member, resource, viewed_at=VIEWED) for member in (an, an, an, bo, bo)]
    young = make_view(an, resource, viewed_at=VIEWED + timedelta(days=2))

    assert retention.apply(EXPIRED + timedelta(days=1)) == 5
    assert {address_of(view) for view in old} == {None}
    assert address_of(young) == "192.0.2.7"


def test_text_dates_and_files_expire_too(an):
    name = default_storage.save("an.jpg", ContentFile(b"x"))
    visits = make_table(
        "Visit",
        member=key_to(),
        at=models.DateTimeField(),
        note=models.TextField(null=True),
        left_at=models.DateTimeField(null=True),
        photo=models.FileField(),
    )
    visits.objects.create(member=an, at=VIEWED, note="lang", left_at=VIEWED, photo=name)
    visits.objects.create(member=an, at=VIEWED, note=None, left_at=None, photo="")
    soon = after(days=90, since="at")
    lines = {"note": provided(erase=blank, expires=soon), "left_at": observed(erase=month, expires=soon)}
    lines |= {"member": person(erase=detach), "at": observed(erase=keep("when")), "photo": provided(erase=delete_file, expires=soon)}

    with declared(visits, anonymised, **lines):
        retention.apply(EXPIRED + timedelta(days=1))
        again = retention.apply(EXPIRED + timedelta(days=1))

    left = set(visits.objects.values_list("note", "left_at", "photo"))
    assert left == {("", datetime(2026, 3, 1, tzinfo=UTC), ""), (None, None, "")}
    assert again == 0
    assert not default_storage.exists(name)
    assert not FileRemoval.objects.exists()


def test_a_file_that_was_noted_before_the_worker_was_killed_goes_the_next_night(db):
    name = default_storage.save("an.jpg", ContentFile(b"x"))
    FileRemoval.objects.create(request_ref="", path=name)

    retention.apply(EXPIRED)

    assert not default_storage.exists(name)


def test_a_file_of_an_erasure_under_way_is_left_to_it(db):
    name = default_storage.save("an.jpg", ContentFile(b"x"))
    FileRemoval.objects.create(request_ref="ABC", path=name)

    retention.apply(EXPIRED)

    assert default_storage.exists(name)


def make_old(member, signed_in=0, viewed=0):
    resource = make_resource()
    for _view in range(viewed):
        make_view(member, resource, viewed_at=VIEWED)
    for _time in range(signed_in):
        SignIn.objects.filter(pk=make_sign_in(member).pk).update(signed_in_at=VIEWED)


def test_it_says_beforehand_how_many_are_due_and_the_oldest(an):
    make_old(an, viewed=2)

    found = {each.column: (each.values, each.oldest) for each in retention.due(EXPIRED + timedelta(days=1))}

    assert found == {"usage.ResourceView.ip_address": (2, VIEWED), "usage.SignIn.ip_address": (0, None)}


def test_a_night_takes_so_many_and_the_next_one_goes_on(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "RETENTION_PER_NIGHT": 3}
    make_old(an, viewed=5)

    nights = [retention.apply(EXPIRED + timedelta(days=day)) for day in (1, 2, 3)]

    assert nights == [3, 2, 0]
    assert list(RetentionRun.objects.order_by("pk").values_list("left", flat=True)) == [2, 0, 0]


def test_a_large_column_keeps_no_other_waiting(an, monkeypatch):
    in_batches_of(1, monkeypatch)
    make_old(an, viewed=5, signed_in=1)

    retention.apply(EXPIRED + timedelta(days=1), at_most=2)

    assert RetentionRun.objects.get().counts == {"usage.ResourceView.ip_address": 1, "usage.SignIn.ip_address": 1}


def test_broken_off_it_counted_what_it_did_and_the_next_night_goes_on(an, monkeypatch):
    in_batches_of(1, monkeypatch)
    make_old(an, viewed=3)
    treat, done = erasure.treat, []

    def treat_two(*arguments, **options):
        if len(done) == 3:  # the two columns take turns
            raise ConnectionResetError
        done.append(1)
        return treat(*arguments, **options)

    monkeypatch.setattr(erasure, "treat", treat_two)
    with pytest.raises(ConnectionResetError):
        retention.apply(EXPIRED + timedelta(days=1))
    monkeypatch.setattr(erasure, "treat", treat)

    broken = RetentionRun.objects.get()
    assert (broken.total, broken.finished_at) == (2, None)
    assert retention.apply(EXPIRED + timedelta(days=2)) == 1
