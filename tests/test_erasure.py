"""What becomes of each kind of row when its person is erased."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from accounts.models import Member
from consents.models import ConsentEvent, PartnerGrant
from privacy.casework import cases
from privacy.casework.cases import DataSubjectRequest
from privacy.datamap import Right, anonymised, blank, delete_file, deleted, detach, keep, observed, person, provided, registry, shared
from privacy.evidence.recipients import Notice
from privacy.evidence.trail import TrailEntry
from privacy.models import Archive, Subject
from privacy.rights import erasure, references, removing
from privacy.rights.erasure import FileRemoval, treat
from privacy.rights.preview import preview
from privacy.rights.treating import treatings
from privacy.steps import Run, StepDefinition
from privacy.subjects import rows_concerning
from usage.models import Comment, Favourite, Folder, Message, ResourceView, Score

from . import races
from .beside import declared, key_to, make_table
from .ledgers import around_acts, put_back
from .makers import (
    make_comment,
    make_favourite,
    make_folder,
    make_grant,
    make_message,
    make_resource,
    make_score,
    make_view,
)
from .paces import in_batches_of
from .properties.acts import erase
from .properties.traces import snapshot

NO_GRACE = timedelta(0)
MOMENT = datetime(2026, 3, 17, 14, 5, tzinfo=UTC)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NO_MOMENT = datetime(1900, 1, 1, tzinfo=UTC)


def approved(member, choices=None):
    request = cases.submit(Right.ERASURE, subject=member.subject, choices=choices)
    cases.approve(request, subject=member.subject, grace=NO_GRACE)
    return request


def counts(request):
    """What all steps counted: "usage.Score anonymised" -> rows."""
    return {what: rows for step in request.run.steps.all() for what, rows in step.counts.items()}


def again(row):
    """The row as it lies now, or None."""
    return type(row)._base_manager.filter(pk=row.pk).first()


# Fates


def test_what_is_counted_goes(an, bo):
    """K-2, G-41."""
    resource = make_resource()
    hers, his = make_view(an, resource), make_view(bo, resource)

    erase(an.subject)

    assert (again(hers), again(his)) == (None, his)


def test_a_score_stays_without_her_and_without_a_time(an):
    """K-2, G-41."""
    score = make_score(an, value=5, given_at=MOMENT)

    erase(an.subject)

    left = again(score)
    assert (left.member, left.value, left.resource, left.given_at) == (None, 5, score.resource, NO_MOMENT)


def test_a_favourite_is_found_through_its_folder(an, bo):
    hers = make_favourite(an, note="voor mijn zoon", added_at=MOMENT)
    his = make_favourite(bo, note="van Bo", added_at=MOMENT)

    erase(an.subject)

    left = again(hers)
    assert (left.folder, left.note, left.added_at) == (None, "", NO_MOMENT)
    assert again(hers.folder) is None
    assert (again(his).folder, again(his).note, again(his).added_at) == (his.folder, "van Bo", MOMENT)


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        (None, (None, "", YEAR)),
        ("former_member", (None, "", YEAR)),
        ("name_stays", (None, "An Peeters", MOMENT)),
        ("remove", None),
    ],
)
def test_a_publication_becomes_what_she_chose(an, bo, choice, left):
    """G-42, K-4."""
    hers, his = make_comment(an, published_at=MOMENT), make_comment(bo, published_at=MOMENT)

    erase(an.subject, {"comments": choice} if choice else None)

    found = again(hers)
    assert (found and (found.author, found.shown_name, found.published_at)) == left
    assert (again(his).author, again(his).shown_name, again(his).published_at) == (bo, "Bo Janssens", MOMENT)


def test_of_a_message_to_bo_her_side_goes(an, bo):
    sent = make_message(an, bo, "Dag Bo", sent_at=MOMENT, read_at=MOMENT)

    erase(an.subject)

    left = again(sent)
    assert (left.sender, left.recipient, left.text, left.sent_at, left.read_at) == (None, bo, "Dag Bo", YEAR, MOMENT)


def test_of_a_message_from_bo_her_side_goes(an, bo):
    received = make_message(bo, an, "Dag An", sent_at=MOMENT, read_at=MOMENT)

    erase(an.subject)

    left = again(received)
    assert (left.sender, left.recipient, left.text, left.sent_at, left.read_at) == (bo, None, "Dag An", MOMENT, None)


@pytest.mark.parametrize("ends", [("an", "an"), ("an", None), (None, "an")])
def test_a_message_in_which_nobody_is_left_goes(an, ends):
    """To herself, or with somebody who was erased before."""
    sender, recipient = (an if end == "an" else None for end in ends)
    message = make_message(sender, recipient)

    request = erase(an.subject)

    assert again(message) is None
    assert {what: rows for what, rows in counts(request).items() if "Message" in what} == {"usage.Message deleted": 1}


def test_a_message_between_others_stays_even_if_nobody_is_left_in_it(an, bo):
    orphan, his = make_message(None, None), make_message(bo, bo)

    erase(an.subject)

    assert (again(orphan), again(his)) == (orphan, his)


def test_what_is_kept_does_not_change(an, edupartner):
    """G-39, G-51."""
    make_grant(an, edupartner)
    before = ConsentEvent.objects.filter(kind="given").values().get()

    request = erase(an.subject)

    assert ConsentEvent.objects.filter(kind="given").values().get() == before
    assert counts(request)["consents.ConsentEvent kept"] == 2


def test_account_addresses_and_subject_go(an):
    """K-3."""
    erase(an.subject)

    assert not Member.objects.filter(pk=an.pk).exists()
    assert not Subject.objects.exists()
    assert not EmailAddress.objects.exists()


def test_the_ledger_counts_what_the_preview_promised(an, bo, edupartner):
    """K-14, G-39: table by table, and fate by fate where a table has one."""
    everything(an, bo, edupartner)
    promised = {category.data_map.label(): category.rows for category in preview(an.subject).categories if category.fate != "kept"}

    done = counts(erase(an.subject))

    by_table = {
        label: sum(rows for what, rows in done.items() if what.split(" ")[0] == label and what.split(" ")[1] != "withdrawn")
        for label in promised
    }
    assert by_table == promised
    assert done["usage.Message shared"] == 3
    assert done["usage.Message deleted"] == 2


def everything(an, bo, edupartner):
    """Rows of every fate; An's views and scores in more than one batch of three."""
    resources = [make_resource() for _ in range(4)]
    for resource in resources:
        make_view(an, resource)
        make_view(bo, resource)
        make_score(an, resource, given_at=MOMENT)
    make_score(bo, resources[0], given_at=MOMENT)
    folder = make_folder(an)
    for resource in resources[:2]:
        make_favourite(an, resource, folder=folder, note="n", added_at=MOMENT)
    for sender, recipient in [(an, bo), (an, bo), (bo, an), (an, an), (an, None), (bo, bo)]:
        make_message(sender, recipient, sent_at=MOMENT, read_at=MOMENT)
    for author in (an, an, bo):
        make_comment(author, resources[0], published_at=MOMENT)
    make_grant(an, edupartner)
    make_grant(bo, edupartner)


# Hidden


def test_hidden_at_once_and_back_when_she_takes_it_back(an):
    """K-14, G-47."""
    score = make_score(an)
    request = cases.submit(Right.ERASURE, subject=an.subject)
    cases.approve(request, subject=an.subject)
    assert list(Member.objects.usable()) == []
    assert not Score.objects.exists()

    cases.cancel(request)

    assert list(Member.objects.usable()) == [an]
    assert list(Score.objects.all()) == [score]


SIGNED_OUT = []


def sign_out(subject):
    """PRIVACY["SESSIONS"] of the next test."""
    SIGNED_OUT.append(subject)


def test_she_is_signed_out_everywhere_when_she_is_hidden_and_again_before_she_is_erased(an, settings):
    """K-14: whoever signed in meanwhile, to see how far it is, is signed out too."""
    settings.PRIVACY = {**settings.PRIVACY, "SESSIONS": f"{__name__}.sign_out"}
    SIGNED_OUT.clear()

    request = approved(an)
    at_once = list(SIGNED_OUT)
    cases.run(request)

    assert (at_once, SIGNED_OUT) == ([an.subject], 2 * [an.subject])


def test_what_stays_of_a_hidden_person_is_seen_again_without_her(an):
    score = make_score(an)

    erase(an.subject)

    assert list(Score.objects.all()) == [score]


# Batches and interruptions


@pytest.fixture
def small_batches(monkeypatch):
    in_batches_of(3, monkeypatch)


def outcome_of(request):
    """All that an erasure leaves, but for times and row numbers."""
    request = DataSubjectRequest.objects.get(pk=request.pk)
    hosts = {
        table: rows for table, rows in snapshot().items() if table.split("_")[0] in {"usage", "accounts", "account", "beside", "django"}
    }
    return {
        "status": request.status,
        "rows": hosts,
        "ledger": {step.name: (step.counts, step.finished_at is not None) for step in request.run.steps.all()},
        "trail": sorted(TrailEntry.objects.values_list("event", flat=True)),
        "consents": sorted(ConsentEvent.objects.values_list("kind", "method")),
        "letters": sorted(request.letters.values_list("kind", flat=True)),
        "notices": sorted(Notice.objects.filter(request_ref=request.ref).values_list("event", "state", "known_as")),
        "grants": PartnerGrant.including_hidden.count(),
        "files": (FileRemoval.objects.count(), sorted(default_storage.listdir("")[1])),
    }


def test_small_batches_count_and_leave_the_same_as_a_large_one(an, bo, edupartner, monkeypatch):
    everything(an, bo, edupartner)
    request = approved(an)
    with undone():
        cases.run(request)
        in_one = outcome_of(request)

    for size in (1, 2, 3, 7):
        in_batches_of(size, monkeypatch)
        with undone():
            cases.run(DataSubjectRequest.objects.get(pk=request.pk))
            assert outcome_of(request) == in_one, size


class undone:
    """A transaction that is rolled back: the next try starts where this one did."""

    def __enter__(self):
        self.ledger, self.transaction = put_back(), around_acts()
        self.ledger.__enter__()
        self.transaction.__enter__()
        default_storage.delete("an.jpg")
        default_storage.save("an.jpg", ContentFile(b"An"))

    def __exit__(self, *error):
        transaction.set_rollback(True)
        self.ledger.__exit__(None, None, None)
        return self.transaction.__exit__(*error)


class Killed(BaseException):
    """The process is gone: nothing catches this."""


def killed_before_write(number):
    """A wrapper that ends the process before the engine's n-th write to its own tables: between steps, and in every batch."""
    writes = count(1)

    def wrapper(execute, sql, params, many, context):
        verb, *rest = sql.split()
        if verb in {"INSERT", "UPDATE"} and any(word.startswith('"privacy_') for word in rest[:4]) and next(writes) == number:
            raise Killed
        return execute(sql, params, many, context)

    return connection.execute_wrapper(wrapper)


@pytest.fixture
def photos(db):
    """A table with files, one of An and one of Bo."""
    model = make_table("Photo", member=key_to(), file=models.FileField())
    with declared(model, deleted, member=person(), file=provided()):
        yield model


@pytest.mark.long
def test_killed_anywhere_and_run_again_it_ends_the_same(photos, an, bo, edupartner, small_batches):
    """G-44: same rows, same counts, no letter, entry, event or notice twice."""
    everything(an, bo, edupartner)
    photos.objects.create(member=an, file="an.jpg")
    request = approved(an)
    with undone():
        cases.run(request)
        expected = outcome_of(request)

    for number in count(1):
        with undone():
            if not _was_killed(request, number):
                break
            let_leases_expire()
            assert cases.run(DataSubjectRequest.objects.get(pk=request.pk)) is True, number
            assert outcome_of(request) == expected, number

    assert expected["status"] == "fulfilled"
    assert number > 50


def let_leases_expire():
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    Notice.objects.update(held_until=timezone.now() - timedelta(seconds=1))


def _was_killed(request, number):
    try:
        with killed_before_write(number):
            cases.run(DataSubjectRequest.objects.get(pk=request.pk))
    except Killed:
        transaction.set_rollback(False)  # without the test's own transaction around it, nothing would be left to roll back
        found = DataSubjectRequest.objects.get(pk=request.pk)
        assert found.is_open != (not found.run.steps.filter(finished_at=None).exists())
        return True
    return False


@pytest.mark.parametrize("order", [50, 150, 250, 450, 550, 675, 925])
def test_a_step_that_fails_leaves_the_request_open_and_is_tried_again(an, order, monkeypatch):
    """G-44: a failed hook leaves the request open and visible."""
    make_score(an)
    request, failures, plan_of = approved(an), [ConnectionError()], cases.plan_of

    def fail_once(work):
        if failures:
            raise failures.pop()

    steps = sorted([*plan_of(request), StepDefinition("hook", fail_once, order)], key=lambda step: step.order)
    monkeypatch.setattr(cases, "plan_of", lambda request: steps)
    with pytest.raises(ConnectionError):
        cases.run(request)
    request.refresh_from_db()
    assert (request.status, request.run.steps.get(name="hook").problem) == ("running", "ConnectionError")

    Run.objects.update(lease_until=None)

    assert cases.run(request) is True


# Rows that come in meanwhile


@pytest.mark.parametrize("order", [150, 450, 550, 590])
def test_rows_that_are_added_between_steps_are_caught(an, bo, order, monkeypatch):
    request, plan_of = approved(an), cases.plan_of

    def write(work):
        member = Member.objects.get(pk=an.pk)
        make_view(member)
        make_score(member, given_at=MOMENT)
        make_favourite(member)
        make_message(member, member)
        make_message(bo, member)
        make_comment(member)

    steps = sorted([*plan_of(request), StepDefinition("write", write, order)], key=lambda step: step.order)
    monkeypatch.setattr(cases, "plan_of", lambda request: steps)

    assert cases.run(request) is True
    assert not ResourceView.objects.exists()
    assert not Folder.objects.exists()
    assert [
        Score.objects.get().member,
        Favourite.objects.get().folder,
        Message.objects.get().recipient,
        Comment.objects.get().author,
    ] == 4 * [None]


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_commits_too_late_gets_an_error_and_not_silence(an):
    """Her other tab saves a score while she is erased. The score is refused, not kept without anyone knowing."""
    races.needs_threads()
    request, resource = approved(an), make_resource()
    written, erased = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            make_score(an, resource)
            written.set()
            erased.wait(5 if connection.vendor == "postgresql" else 1)

    writer = races.start(write)
    written.wait(5)
    assert cases.run(request) is True
    erased.set()

    result = races.outcome(writer)
    assert isinstance(result, IntegrityError) if connection.vendor == "postgresql" else Score._base_manager.get().member is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("where", "what"), [(references, "look_at_all"), (removing, "_finish")])
def test_a_writer_that_comes_during_the_last_step_waits_and_is_refused(an, monkeypatch, where, what):
    """Before her row is deleted and after: the step does not fail on a row that came in between."""
    races.needs_threads()
    request, resource, go_on = approved(an), make_resource(), getattr(where, what)
    writers = []

    def start_a_writer_and_go_on(*arguments, **options):
        writers.append(races.start(lambda: make_score(Member(pk=an.pk), resource)))
        races.let_it_reach_the_lock()
        return go_on(*arguments, **options)

    monkeypatch.setattr(where, what, start_a_writer_and_go_on)

    assert cases.run(request) is True
    assert isinstance(races.outcome(writers[0]), IntegrityError)
    assert not Score._base_manager.exists()


@pytest.mark.django_db(transaction=True)
def test_who_writes_by_her_reference_waits_and_finds_nobody(an, monkeypatch):
    """An archive that is ready at this moment, a release to a partner: no key to her row would stop them."""
    races.needs_threads()
    request, other = approved(an), cases.submit(Right.ACCESS, subject=an.subject)
    look, writers = references.look_at_all, []

    def hand_over():
        with transaction.atomic():
            if Subject.objects.select_for_update().filter(pk=an.subject_id).exists():
                return Archive.objects.create(request=other, subject_ref=an.subject_id, size=1, expires_at=timezone.now())

    def start_a_writer_and_look(*people, **options):
        writers.append(races.start(hand_over))
        races.let_it_reach_the_lock()
        return look(*people, **options)

    monkeypatch.setattr(references, "look_at_all", start_a_writer_and_look)

    assert cases.run(request) is True
    assert races.outcome(writers[0]) is None
    assert not Archive.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at_most", [None, 10])
def test_a_message_goes_when_both_are_erased_at_once(an, bo, at_most):
    """Each sees the other still there until it has waited for the row."""
    races.needs_threads()
    message = make_message(an, bo)
    emptied = threading.Event()

    def part(member, before_commit=lambda: None):
        with transaction.atomic():
            for treating in treatings(registry.map_of(Message), member.subject, {}):
                treat(treating, at_most)
            before_commit()

    def wait_for_the_other():
        emptied.set()
        races.let_it_reach_the_lock()

    first = races.start(lambda: part(an, wait_for_the_other))
    emptied.wait(5)
    part(bo)

    assert races.outcome(first) is None
    assert again(message) is None


@pytest.mark.django_db(transaction=True)
def test_two_people_erased_at_once_are_both_gone(an, bo):
    races.needs_threads()
    for _ in range(3):
        make_message(an, bo)
        make_message(bo, an)
    requests = [approved(an), approved(bo)]

    results = races.at_once(*(lambda request=request: cases.run(request) for request in requests))

    for request, result in zip(requests, results, strict=True):
        if result is not True:  # a deadlock, which PostgreSQL ends by refusing one of the two; the sweep tries again
            Run.objects.update(lease_until=None)
            assert cases.run(request) is True
    assert not Message.objects.exists()
    assert not Subject.objects.exists()


# Files


def test_files_go_with_the_rows_that_name_them_and_bos_stay(photos, an, bo):
    for member, name in ((an, "an.jpg"), (bo, "bo.jpg")):
        photos.objects.create(member=member, file=default_storage.save(name, ContentFile(b"x")))

    request = erase(an.subject)

    assert default_storage.listdir("")[1] == ["bo.jpg"]
    assert counts(request)["files removed"] == 1
    assert not FileRemoval.objects.exists()


def test_a_file_that_somebody_elses_row_names_stays(photos, an, bo):
    """A publication that was copied names the same file."""
    name = default_storage.save("both.jpg", ContentFile(b"x"))
    for member in (an, bo):
        photos.objects.create(member=member, file=name)

    erase(an.subject)
    assert default_storage.exists(name)

    erase(bo.subject)
    assert not default_storage.exists(name)


def test_a_file_column_of_a_row_that_stays_is_emptied_and_its_file_goes(db, an):
    drawings = make_table("Drawing", member=key_to(), file=models.FileField(), title=models.CharField(max_length=20))
    name = default_storage.save("an.png", ContentFile(b"x"))
    drawing = drawings.objects.create(member=an, file=name, title="Boom")
    lines = {"member": person(erase=detach), "file": provided(erase=delete_file), "title": provided(erase=keep("a title"))}

    with declared(drawings, anonymised, **lines):
        erase(an.subject)

    left = drawings.objects.get(pk=drawing.pk)
    assert (left.member_id, left.file.name, left.title) == (None, "", "Boom")
    assert not default_storage.exists(name)


def test_killed_between_the_file_and_its_note_it_goes_on(photos, an, monkeypatch):
    """The file is gone, the note is there: the next worker finds no file, which is well."""
    for name in ("an1.jpg", "an2.jpg"):
        photos.objects.create(member=an, file=default_storage.save(name, ContentFile(b"x")))
    request, delete = approved(an), default_storage.delete

    def delete_and_be_killed(path):
        delete(path)
        raise Killed

    monkeypatch.setattr(erasure.default_storage, "delete", delete_and_be_killed)
    with pytest.raises(Killed):
        cases.run(request)
    assert (FileRemoval.objects.count(), len(default_storage.listdir("")[1])) == (2, 1)
    monkeypatch.undo()
    Run.objects.update(lease_until=None)

    assert cases.run(request) is True
    assert (FileRemoval.objects.count(), default_storage.listdir("")[1], counts(request)["files removed"]) == (0, [], 2)


def test_a_row_without_a_file_leaves_nothing_to_remove(photos, an):
    photos.objects.create(member=an, file="")

    assert "files removed" not in counts(erase(an.subject))


# Shapes that the project does not have


def test_a_shared_row_whose_other_end_leads_to_nobody_goes(db, an):
    """NULL at the end of a path: the key is there, and the row it names belongs to no one any more."""
    boxes = make_table("Box", member=key_to())
    slips = make_table("Slip", giver=key_to(), box=key_to(boxes))
    slip = slips.objects.create(giver=an, box=boxes.objects.create(member=None))

    with declared(slips, shared, giver=person(erase=detach), box=person(via="box__member", erase=detach)):
        erase(an.subject)

    assert again(slip) is None


def test_a_shared_row_whose_other_end_was_left_blank_goes(db, an):
    """Found by an address instead of a key; erasure leaves empty text there."""
    letters = make_table("Letter", member=key_to(), to=models.EmailField())
    kept = letters.objects.create(member=an, to="iemand@elders.example")
    gone = [letters.objects.create(member=an, to=""), letters.objects.create(member=an, to=an.email)]

    with declared(letters, shared, member=person(erase=detach), to=person(by="email", erase=blank)):
        erase(an.subject)

    assert [again(row) for row in gone] == [None, None]
    assert (again(kept).member_id, again(kept).to) == (None, "iemand@elders.example")


@pytest.mark.usefixtures("small_batches")
def test_what_is_found_by_address_goes_before_the_address(db, an):
    """Killed in between, the next worker would not know her addresses any more."""
    forms = make_table("Form", email=models.EmailField())
    for _ in range(5):
        forms.objects.create(email=an.email)
    request = approved(an)

    with declared(forms, deleted, email=person(by="email")):
        order = [data_map.model for data_map in registry.in_erasure_order()]
        for number in range(1, 9):
            with undone():
                Run.objects.update(lease_until=None)
                _was_killed(request, 20 + number)
                Run.objects.update(lease_until=None)
                cases.run(DataSubjectRequest.objects.get(pk=request.pk))
                assert not forms.objects.exists()

    assert order.index(forms) < order.index(EmailAddress)


def test_an_address_is_found_however_a_row_spells_it(db, an, bo):
    forms = make_table("Form", email=models.EmailField())
    spelled = forms.objects.create(email=an.email.title())
    forms.objects.create(email=bo.email)

    with declared(forms, deleted, email=person(by="email")) as data_map:
        assert list(rows_concerning(data_map, an.subject)) == [spelled]


def test_rows_that_a_default_manager_hides_are_erased_too(db, an):
    """Soft-deleted rows, for one: the engine reads through the base manager."""

    class Visible(models.Manager):
        def get_queryset(self):
            return super().get_queryset().filter(visible=True)

    drafts = make_table("Draft", member=key_to(), visible=models.BooleanField(default=False), objects=Visible())
    drafts._base_manager.create(member=an)

    with declared(drafts, deleted, member=person(), visible=observed()):
        erase(an.subject)

    assert not drafts._base_manager.exists()


def test_with_two_keys_to_her_in_one_row_the_row_is_deleted_once(db, an, bo):
    follows = make_table("Follow", who=key_to(), whom=key_to())
    for who, whom in [(an, bo), (bo, an), (an, an), (bo, bo)]:
        follows.objects.create(who=who, whom=whom)

    with declared(follows, deleted, who=person(), whom=person()):
        request = erase(an.subject)

    assert counts(request)["beside.Follow deleted"] == 3
    assert follows.objects.get().who == bo


def test_two_tables_that_point_at_each_other_are_both_treated(db, an):
    first = make_table("First", member=key_to())
    second = make_table("Second", member=key_to(), first=key_to(first))

    with declared(first, deleted, member=person()), declared(second, deleted, member=person(), first=observed()):
        row = second.objects.create(member=an, first=first.objects.create(member=an))
        erase(an.subject)

    assert (again(row), again(row.first)) == (None, None)
