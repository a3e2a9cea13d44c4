"""SQLite beside a busy worker: visitors read and sign in, and nobody meets "database is locked"."""

import pytest
from django.db import connection

from privacy.datamap import Right
from tests.makers import PASSWORD

from . import acts
from .visitors import SIGN_IN, Visitors

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="one lock for all writers is SQLite's way alone")

VISITS_PER_SECOND = 10
SECONDS_AT_MOST = 300
# Before the worker begins, to compare.
QUIET_SECONDS = 4
SIGNED_IN = 302


@pytest.fixture
def busy_site(site):
    with site.settled_otherwise(INZAGE_LEASE_SECONDS="60"), site.working(concurrency=2):
        yield site
        site.stop("web")


@pytest.mark.parametrize("rows", [pytest.param(10_000, marks=pytest.mark.worker), pytest.param(100_000, marks=pytest.mark.long)])
def test_erasing_and_exporting_lock_no_visitor_out(busy_site, rows, record_property):
    """Two people with `rows` views each are erased and two are handed theirs, while every tenth visitor signs in. T-32."""
    leaving = [busy_site.do(acts.welcome, name, views=rows, password=PASSWORD) for name in ("An", "Anke")]
    curious = [busy_site.do(acts.welcome, name, views=rows, password=PASSWORD) for name in ("Bo", "Boris")]
    visitors = Visitors(busy_site.start_web(), [(busy_site.do(acts.address_of, member), PASSWORD) for member in curious])
    visitors.warm_up()
    visitors.come(per_second=VISITS_PER_SECOND, seconds_at_most=QUIET_SECONDS)
    quiet = str(visitors)

    requests = [busy_site.do(acts.ask, Right.ERASURE, member) for member in leaving]
    requests += [busy_site.do(acts.ask, Right.ACCESS, member) for member in curious]
    visitors.come(
        per_second=VISITS_PER_SECOND,
        while_true=lambda: not busy_site.do(acts.all_at_rest, requests),
        seconds_at_most=SECONDS_AT_MOST,
        seconds_at_least=QUIET_SECONDS,
    )

    record_property("measured", f"{4 * rows:,} rows; milliseconds that visitors waited\n  quiet: {quiet}\n  busy:  {visitors}")
    assert busy_site.do(acts.all_at_rest, requests)
    assert [busy_site.do(acts.status, request) for request in requests] == ["fulfilled"] * 4
    assert visitors.statuses("/") == visitors.statuses(SIGN_IN) == {200}
    assert visitors.statuses("signed in") == {SIGNED_IN}
    for name in ("web", "worker", "beat"):
        assert "locked" not in busy_site.log(name)
        assert "Traceback" not in busy_site.log(name)
        assert "@school.example" not in busy_site.log(name)
