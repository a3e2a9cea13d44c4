"""What `make drill` does at length, in short: five faults, and everybody is erased exactly once."""

import pytest
from django.db import connection

from .drill import drill

pytestmark = [
    pytest.mark.worker,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a server that crashes and deadlocks is PostgreSQL's"),
]


@pytest.mark.parametrize(("kills", "seed"), [(5, 1), pytest.param(40, 2, marks=pytest.mark.long)])
def test_everybody_is_erased_exactly_once_whatever_goes_wrong(kills, seed):
    drilled = drill(kills=kills, seed=seed)

    assert sum(drilled.faults.values()) == kills
    assert drilled.people >= 3
