"""manage.py apply_retention: what would go, and taking it away."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Member
from privacy.casework import unused
from privacy.models import RetentionRun, UnusedAccount
from privacy.rights import inactivity
from usage.models import ResourceView

from .makers import make_member, make_resource, make_view
from .properties.traces import snapshot


def said(*arguments) -> str:
    written = StringIO()
    call_command("apply_retention", *arguments, stdout=written)
    return written.getvalue()


def left() -> int:
    return ResourceView._base_manager.exclude(ip_address=None).count()


@pytest.fixture
def old_views(an):
    resource = make_resource()
    return [make_view(an, resource, viewed_at=timezone.now() - timedelta(days=100 + number)) for number in range(5)]


@pytest.fixture
def away(settings, db):
    settings.PRIVACY = {**settings.PRIVACY, "INACTIVE_MONTHS": {"member": 36}}
    member = make_member("Els")
    Member.objects.filter(pk=member.pk).update(date_joined=timezone.now() - timedelta(days=1600))
    return member


def test_a_dry_run_says_per_column_how_many_and_the_oldest_and_changes_nothing(old_views):
    before = snapshot()

    text = said("--dry-run")

    oldest = timezone.localtime(old_views[-1].viewed_at)
    assert f"5 usage.ResourceView.ip_address: 90 days, the oldest of {oldest:%Y-%m-%d}" in text
    assert "0 usage.SignIn.ip_address: 90 days\n" in text
    assert snapshot() == before


def test_without_it_they_go_and_it_says_how_many(old_views):
    assert "5 values went" in said()
    assert left() == 0


def test_with_a_limit_the_rest_waits_and_it_is_on_record(old_views):
    said("--limit", "2")

    assert left() == 3
    assert RetentionRun.objects.filter(what="values").values("counts", "left").get() == {
        "counts": {"usage.ResourceView.ip_address": 2},
        "left": 3,
    }
    said()
    assert left() == 0


@pytest.mark.parametrize("limit", ["0", "-1", "veel"])
def test_a_limit_that_is_none_is_refused(limit, db):
    with pytest.raises(CommandError):
        said(f"--limit={limit}")


def test_a_rule_that_nobody_approved_is_said_and_not_applied(away):
    text = said()

    assert "1 member: unused for 36 months, next to be warned" in text
    assert "this rule is not approved" in text
    assert not UnusedAccount.objects.exists()


def test_an_approved_rule_is_applied_too(away):
    unused.approve(inactivity.rules()[0], actor_ref="daan")
    dry = said("--dry-run")
    assert not UnusedAccount.objects.exists()

    text = said()

    assert "not approved" not in dry
    assert "1 member warned" in text
    assert UnusedAccount.objects.count() == 1
