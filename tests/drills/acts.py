"""What happens inside a drilled site: people come in and ask, and afterwards everything is counted."""

import json
import os
import secrets
import signal
import time
import zipfile
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import OperationalError, connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from consents import releases
from consents.models import ConsentEvent, Partner
from privacy.casework import cases, letters
from privacy.casework.cases import DataSubjectRequest
from privacy.datamap import Right, registry
from privacy.evidence.recipients import Notice
from privacy.outbox import HOLD
from privacy.rights import access
from privacy.rights.access import Archive
from privacy.rights.preview import preview
from privacy.steps import Run, ready
from privacy.subjects import Subject, rows_concerning
from privacy.tasks import _wake, run
from tests import makers

# Longer than the drilled site takes to send a letter.
A_MOMENT = timedelta(seconds=10)
# The same statement in SQLite and PostgreSQL; a row per object would take longer than the drill.
MULTIPLY_VIEW = """
INSERT INTO usage_resourceview (member_id, resource_id, viewed_at, ip_address)
WITH RECURSIVE times(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM times WHERE n < %s)
SELECT member_id, resource_id, viewed_at, ip_address FROM usage_resourceview, times WHERE id = %s
"""


def welcome(first_name, *, views=1, writes_to=None, password=None):
    """The reference of a new member with rows of every fate, who allowed Edupartner her first name."""
    member = makers.make_member(first_name, email=f"{first_name}.{secrets.token_hex(4)}@school.example", password=password)
    resource = makers.make_resource()
    view = makers.make_view(member, resource)
    makers.make_score(member, resource)
    makers.make_favourite(member, resource, note="voor maandag")
    makers.make_comment(member, resource)
    if writes_to:
        makers.make_message(member, Subject.objects.get(ref=writes_to).root)
    makers.make_grant(member, edupartner())
    releases.release(edupartner(), member)
    if views > 1:
        with connection.cursor() as cursor:
            cursor.execute(MULTIPLY_VIEW, [views - 1, view.pk])
    return member.subject_id


def edupartner():
    return Partner.objects.filter(slug="edupartner").first() or makers.make_partner("edupartner")


def ask_with_grace(subject_ref):
    """The key of an erasure that can still be taken back."""
    subject = Subject.objects.get(ref=subject_ref)
    request = cases.submit(Right.ERASURE, subject=subject, identified_by="password")
    cases.approve(request, subject=subject)
    return request.pk


def ask(right, subject_ref, *, unheard=False):
    """The key of an accepted request; `unheard`: its process died between the row and the message."""
    subject = Subject.objects.get(ref=subject_ref)
    request = cases.submit(right, subject=subject, identified_by="password")
    with nobody_woken() if unheard else somebody_woken():
        cases.approve(request, subject=subject, grace=timedelta(0))
    return request.pk


@contextmanager
def nobody_woken():
    ready.disconnect(_wake)
    yield
    ready.connect(_wake)


@contextmanager
def somebody_woken():
    yield


def promised(subject_ref):
    """What the preview says will be treated: "usage.Score anonymised" -> rows; kept rows grow with the request itself."""
    categories = preview(Subject.objects.get(ref=subject_ref)).categories
    return {f"{category.data_map.label()} {category.fate}": category.rows for category in categories if category.fate != "kept"}


def held(subject_ref):
    """ "usage.Score" -> rows, but for the engine's own tables, which grow with the request."""
    subject = Subject.objects.get(ref=subject_ref)
    counted = {data_map.label(): rows_concerning(data_map, subject).count() for data_map in registry.maps.values()}
    return {label: rows for label, rows in counted.items() if rows and not label.startswith("privacy.")}


def ledger(request_id):
    """What the steps say was done, as `promised` and more."""
    total = Counter()
    for step in DataSubjectRequest.objects.get(pk=request_id).run.steps.all():
        total.update(step.counts)
    return dict(total)


def status(request_id):
    return DataSubjectRequest.objects.get(pk=request_id).status


def ref(request_id):
    return DataSubjectRequest.objects.get(pk=request_id).ref


def at_rest(request_id):
    """Closed, its last letter sent, and no worker will take it up again."""
    request = DataSubjectRequest.objects.get(pk=request_id)
    return not request.is_open and request.run.finished_at is not None and not request.letters.filter(sent_at__isnull=True).exists()


def letters_sent(request_id):
    """Their kinds."""
    return sorted(DataSubjectRequest.objects.get(pk=request_id).letters.filter(sent_at__isnull=False).values_list("kind", flat=True))


def notices(request_id):
    """(key, recipient, state) of each."""
    found = Notice.objects.filter(request_ref=ref(request_id))
    return [(notice.pk, str(notice.recipient), str(notice.state)) for notice in found]


def consent_events(subject_ref):
    return ConsentEvent.objects.filter(subject_ref=subject_ref).count()


def exists(subject_ref):
    return Subject.objects.filter(ref=subject_ref).exists()


def rows_of(subject_ref, *, but_of=None):
    """(table, key) -> every value of each row that concerns this person, and not `but_of` as well."""
    return {
        (data_map.label(), str(row[0])): repr(row)
        for data_map in registry.maps.values()
        for row in _rows(data_map, subject_ref, but_of).values_list()
    }


def _rows(data_map, subject_ref, but_of):
    rows = rows_concerning(data_map, Subject.objects.get(ref=subject_ref))
    if but_of:
        rows = rows.exclude(pk__in=rows_concerning(data_map, Subject.objects.get(ref=but_of)).values("pk"))
    return rows


def archives(request_id):
    """Per archive of the request: "usage.Score" -> rows in the file."""
    return [_rows_in(archive) for archive in Archive.objects.filter(request=request_id)]


def _rows_in(archive):
    with access.open_archive(archive.request) as file, zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        files = {data_map.label(): f"data/{data_map.label().lower().replace('.', '_')}.json" for data_map in registry.maps.values()}
        names = set(opened.namelist())
        written = {label: name for label, name in files.items() if name in names and not label.startswith("privacy.")}
        return {label: len(json.loads(opened.read(name))) for label, name in written.items()}


def all_at_rest(request_ids):
    return all(map(at_rest, request_ids))


def restless(request_ids):
    """Those that are not at rest: number, status, its lease, the step that is open and what stopped it, letters unsent."""
    return [_how_far(request_id) for request_id in request_ids if not at_rest(request_id)]


def _how_far(request_id):
    request = DataSubjectRequest.objects.get(pk=request_id)
    step = request.run.steps.filter(finished_at__isnull=True).order_by("position").first()
    unsent = list(request.letters.filter(sent_at__isnull=True).values_list("kind", "attempts", "held_until"))
    return request_id, request.status, request.run.lease_until, step and (step.name, step.attempts, step.problem), unsent


def address_of(subject_ref):
    return Subject.objects.get(ref=subject_ref).root.email


def attempts(request_ids):
    """How often workers took up these requests, together."""
    return sum(Run.objects.filter(request__in=request_ids).values_list("fence", flat=True))


def die_at(statement, request_id):
    """A process of its own carries the request out and is killed right before its n-th statement; False where it came to the end."""
    connections.close_all()
    child = os.fork()
    if not child:
        with connection.execute_wrapper(Mortal(statement)):
            run(request_id)
        os._exit(0)
    _child, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)


class Mortal:
    def __init__(self, statement):
        self.left = statement

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


def carry_on(request_id):
    """What a worker does once the dead one's holds have ended."""
    past = timezone.now()
    Run.objects.filter(request=request_id).update(lease_until=past)
    Notice.objects.update(held_until=past)
    letters.Letter.objects.update(held_until=past)
    run(request_id)


def marks(subject_ref):
    """What would name this person in a message, in lower case."""
    member = Subject.objects.get(ref=subject_ref).root
    requests = DataSubjectRequest.objects.filter(subject_ref=subject_ref).values_list("ref", flat=True)
    named = [member.email, member.first_name, member.last_name, member.pk, member.pk.hex, subject_ref, subject_ref.hex, *requests]
    return [str(mark).lower() for mark in named]


def send(messages):
    """Messages about no request at all."""
    for number in range(messages):
        run.delay(-number)


def let_go():
    """Before the database goes away."""
    connections.close_all()


def shift_moments(*, hours):
    """As if the clock of the machine had jumped back by so many hours; what rests then rests longer, so it is woken at the end."""
    for column in ("lease_until", "not_before"):
        Run.objects.filter(finished_at=None).update(**{column: F(column) + timedelta(hours=hours)})


def lock_crosswise():
    """First the row that stands for a person, then her Subject, while a worker goes the other way; PostgreSQL lets one of the two go on."""
    under_way = DataSubjectRequest.objects.filter(status="running", right="erasure").values("subject_ref")
    for subject in Subject.objects.filter(ref__in=under_way)[:1]:
        with suppress(OperationalError, ObjectDoesNotExist), transaction.atomic():
            type(subject.root)._base_manager.select_for_update().get(pk=subject.root.pk)
            time.sleep(1)
            Subject.objects.select_for_update().get(pk=subject.pk)


def wake_stalled():
    """The clock is right again: nobody waits for hours, and whoever works keeps her lease of seconds."""
    now = timezone.now()
    soon = now + timedelta(minutes=1)
    Run.objects.filter(finished_at=None, lease_until__gt=soon).update(lease_until=None)
    Run.objects.filter(finished_at=None, not_before__gt=soon).update(not_before=now)
    # A letter whose sender was killed waits two minutes; one that is being sent was taken a moment ago.
    for model in (letters.Letter, Notice):
        model.objects.filter(held_until__gt=now, held_until__lt=now + HOLD - A_MOMENT).update(held_until=None)


def answered_too_early():
    """Requests that say that all is done while a step is open."""
    return DataSubjectRequest.objects.filter(status="fulfilled", run__steps__finished_at=None).count()


def open_requests():
    return DataSubjectRequest.objects.open().count()
