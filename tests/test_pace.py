"""How fast an erasure goes: gently unless the host says otherwise, with a rest after every batch but the last."""

import time
from types import SimpleNamespace

import pytest

from privacy.rights import pace
from usage.models import ResourceView

from .makers import make_resource
from .properties.acts import erase
from .shapes import Shapes


@pytest.fixture
def rests(monkeypatch):
    """Seconds, as they are slept."""
    slept = []
    monkeypatch.setattr(pace, "time", SimpleNamespace(sleep=slept.append, monotonic=time.monotonic))
    return slept


def erase_views(member, count):
    resource = make_resource()
    ResourceView.objects.bulk_create(ResourceView(member=member, resource=resource) for _ in range(count))
    erase(member.subject)


def test_it_is_gentle_unless_the_host_says_otherwise(settings):
    assert pace.pace() == pace.GENTLE
    settings.PRIVACY = settings.PRIVACY | {"ERASURE_PACE": "fast"}
    assert pace.pace() == pace.FAST


def test_an_ordinary_member_takes_no_rest(an, rests):
    erase_views(an, 10)

    assert rests == []


def test_the_site_breathes_between_batches(an, rests, monkeypatch):
    monkeypatch.setitem(pace.PACES, "gentle", pace.Pace({"sqlite": 4, "postgresql": 4}, rest=1))

    erase_views(an, 10)

    assert len(rests) >= 2
    assert all(0 < seconds <= pace.LONGEST_REST_SECONDS for seconds in rests)


def test_nobody_rests_so_long_that_another_takes_over(rests, monkeypatch):
    clock = iter([0, 100])
    monkeypatch.setattr(pace.time, "monotonic", lambda: next(clock), raising=True)

    with pace.resting_after(pace.GENTLE, is_last=False):
        pass

    assert rests == [pace.LONGEST_REST_SECONDS]


def test_a_pace_that_does_not_exist_is_reported(settings):
    settings.PRIVACY = settings.PRIVACY | {"ERASURE_PACE": "hasty"}

    assert [message.id for message in Shapes().messages()] == ["privacy.E022"]
