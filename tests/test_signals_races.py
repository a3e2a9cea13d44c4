"""Programs and workers that come at the same moment: nothing is lost, and nothing is said twice."""

import pytest

from consents import permissions
from consents.models import Signal, Stream
from consents.signals import polling, pushing
from privacy.casework import mailing
from privacy.evidence.recipients import Notice

from . import receiving
from .makers import make_grant
from .partner_side import make_application
from .races import at_once, needs_threads
from .receiving import Program, make_stream

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _on_disk():
    needs_threads()


def fetched(stream):
    return list(polling.poll(stream, at_most=None, acknowledged=[], refused={})[0])


def test_two_programs_that_confirm_at_once_settle_the_notice(an, edupartner):
    streams = [make_stream(make_application(edupartner, client_id=name)) for name in ("een", "twee")]
    permissions.withdraw(make_grant(an, edupartner))
    mailing.deliver_notices()
    jtis = [fetched(stream) for stream in streams]

    at_once(
        *[
            lambda stream=stream, jti=jti: polling.poll(stream, at_most=0, acknowledged=jti, refused={})
            for stream, jti in zip(streams, jtis, strict=True)
        ]
    )

    assert Notice.objects.get().state == "acknowledged"
    assert not Signal.objects.queued().exists()


def test_two_workers_bring_each_event_once(an, edupartner, settings):
    settings.PARTNERS_ON_LOOPBACK = True
    with receiving.running() as receiver:
        stream = make_stream(make_application(edupartner), receiver)
        permissions.withdraw(make_grant(an, edupartner))
        mailing.deliver_notices()

        at_once(*[lambda: pushing.push(Stream.objects.get(pk=stream.pk))] * 2)

    assert receiver.events == ["authorisation-revoked", "session-revoked"]


def test_of_two_creations_at_once_one_is_refused(edupartner):
    program = Program(make_application(edupartner))

    answers = at_once(*[lambda: program.call("POST", "stream", {}).status_code] * 2)

    assert sorted(answers) == [201, 409]
    assert Stream.objects.count() == 1
