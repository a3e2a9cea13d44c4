"""The last step of an erasure: it stops at what nobody declared, loses nothing, and follows no cascade."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models

from accounts.models import Member
from privacy.anyone import keys_of
from privacy.casework import cases
from privacy.datamap import Right, deleted, person, registry
from privacy.errors import ReferencesRemain
from privacy.models import Subject
from privacy.rights import references, removing
from privacy.sql import send
from privacy.steps import Run, StepDefinition
from usage.models import Message, Score

from .beside import check_now, declared, key_to, make_table
from .makers import make_message, make_score

STOPPED_STEP = "remove the person"


def approved(member):
    request = cases.submit(Right.ERASURE, subject=member.subject)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    return request


def erasure_stops_at(table, member):
    """Where the last step stops, the request stays open, and the person and her row are still there."""
    request = approved(member)
    with pytest.raises(ReferencesRemain) as refusal:
        cases.run(request)
    request.refresh_from_db()
    step = request.run.steps.get(name=STOPPED_STEP)
    assert (step.problem, step.finished_at, step.counts) == ("ReferencesRemain", None, {})
    assert Member.objects.filter(pk=member.pk).exists()
    assert Subject.objects.filter(pk=member.subject_id).exists()
    return refusal.value.table == table


def make_raw_table(rule="", *, target="accounts_member", column="id"):
    """A table that no model knows, as another program makes one."""
    kind = {"sqlite": "char(32)", "postgresql": "uuid"}[connection.vendor] if column != "email" else "varchar(254)"
    check_now()
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE TABLE diary (line integer, who {kind} REFERENCES {target} ("{column}") {rule} DEFERRABLE INITIALLY DEFERRED)'
        )


def write_raw(value):
    if connection.vendor == "sqlite":
        value = getattr(value, "hex", value)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO diary VALUES (1, %s)", [value])


def raw_lines():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM diary")
        return cursor.fetchone()[0]


@contextmanager
def in_the_project(model):
    """A model that Django's own list knows, for as long as the block lasts."""
    models_of_app, name = apps.all_models["usage"], model._meta.model_name
    models_of_app[name] = model
    apps.clear_cache()
    try:
        yield
    finally:
        del models_of_app[name]
        apps.clear_cache()


@pytest.mark.parametrize("rule", ["", "ON DELETE CASCADE", "ON DELETE SET NULL"])
def test_a_table_without_a_model_stops_it_by_name(an, rule):
    """Also where the key would delete or empty the row by itself, without a word."""
    make_raw_table(rule)
    write_raw(an.pk)

    assert erasure_stops_at("diary", an)
    assert raw_lines() == 1


def test_a_table_that_points_at_the_subject_stops_it_too(an):
    make_raw_table(target="privacy_subject", column="ref")
    write_raw(an.subject_id)

    assert erasure_stops_at("diary", an)


def test_a_key_to_another_column_of_her_row_stops_it_too(an):
    make_raw_table(column="email")
    write_raw(an.email)

    assert erasure_stops_at("diary", an)


def test_rows_of_others_in_such_a_table_stop_nothing(an, bo):
    make_raw_table("ON DELETE CASCADE")
    write_raw(bo.pk)
    request = approved(an)

    assert cases.run(request) is True
    assert raw_lines() == 1


@pytest.mark.parametrize("on_delete", [models.CASCADE, models.SET_NULL, models.PROTECT, models.DO_NOTHING])
def test_a_model_without_a_data_map_stops_it_by_name(an, on_delete):
    """Whatever its key says should happen on delete: nobody declared what becomes of the row."""
    diaries = make_table("Diary", member=key_to(on_delete=on_delete))
    row = diaries.objects.create(member=an)

    with in_the_project(diaries):
        assert erasure_stops_at("beside_diary", an)
    assert diaries.objects.get(pk=row.pk).member_id == an.pk


def test_a_key_without_a_constraint_in_the_database_stops_it(an):
    diaries = make_table("Diary", member=key_to(db_constraint=False))
    diaries.objects.create(member=an)

    with in_the_project(diaries):
        assert erasure_stops_at("beside_diary", an)


def test_a_key_to_a_proxy_of_the_member_stops_it(an):
    proxy = type("Teacher", (Member,), {"__module__": __name__, "Meta": type("Meta", (), {"proxy": True, "app_label": "usage"})})
    del apps.all_models["usage"]["teacher"]
    apps.clear_cache()
    diaries = make_table("Diary", member=key_to(proxy, db_constraint=False))
    diaries.objects.create(member_id=an.pk)

    with in_the_project(diaries):
        assert erasure_stops_at("beside_diary", an)


@pytest.mark.django_db(transaction=True)
def test_a_column_that_its_model_does_not_know_stops_it_by_name(an):
    """Added by hand to a table of the project; only the database knows, and says so when the transaction ends."""
    kind = {"sqlite": "char(32)", "postgresql": "uuid"}[connection.vendor]
    make_score(an)
    with connection.cursor() as cursor:
        cursor.execute(
            f"ALTER TABLE usage_score ADD COLUMN scored_for {kind} REFERENCES accounts_member (id) DEFERRABLE INITIALLY DEFERRED"
        )
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE usage_score SET scored_for = member_id")

        assert erasure_stops_at("usage_score", an)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE usage_score SET scored_for = NULL")
            cursor.execute("ALTER TABLE usage_score DROP COLUMN scored_for")


@pytest.mark.django_db(transaction=True)
def test_a_row_of_another_that_points_at_one_of_hers_stops_the_treatment_by_name(an, bo):
    notes = make_table("Note", member=key_to())
    reactions = make_table("Reaction", note=key_to(notes))
    try:
        reactions.objects.create(note=notes.objects.create(member=an))

        with declared(notes, deleted, member=person()), pytest.raises(ReferencesRemain) as refusal:
            cases.run(approved(an))

        assert refusal.value.table == "beside_reaction"
        assert (notes.objects.count(), Run.objects.get().steps.get(name="treat rows").counts) == (1, {})
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(reactions)
            editor.delete_model(notes)


def test_once_it_is_declared_the_erasure_goes_on(an):
    diaries = make_table("Diary", member=key_to())
    diaries.objects.create(member=an)
    with in_the_project(diaries):
        assert erasure_stops_at("beside_diary", an)
        Run.objects.update(lease_until=None)

        with declared(diaries, deleted, member=person()):
            assert cases.run(cases.DataSubjectRequest.objects.get()) is True

    assert not diaries.objects.exists()


def test_what_the_last_step_had_done_is_undone_when_it_stops(an, monkeypatch):
    """A latecomer that was treated in it, too: all of the step or nothing."""
    make_raw_table()
    write_raw(an.pk)
    late, plan_of = [], cases.plan_of

    def come_late(work):
        late.append(make_score(Member.objects.get(pk=an.pk)))

    steps = lambda request: sorted([*plan_of(request), StepDefinition("late", come_late, 550)], key=lambda step: step.order)  # noqa: E731
    monkeypatch.setattr(cases, "plan_of", steps)

    assert erasure_stops_at("diary", an)
    assert Score._base_manager.get(pk=late[0].pk).member_id == an.pk


def test_the_last_step_cascades_nowhere(an, bo):
    """Django's own delete follows keys into rows of others: measured with a message of Bo's, which was gone."""
    message = make_message(an, bo, "Voor Bo")
    field = Message._meta.get_field("sender")
    before, field.remote_field.on_delete = field.remote_field.on_delete, models.CASCADE
    try:
        assert cases.run(approved(an)) is True
    finally:
        field.remote_field.on_delete = before

    assert Message.objects.get(pk=message.pk).text == "Voor Bo"


def test_djangos_own_delete_is_used_on_nothing_but_the_ledger(an, monkeypatch):
    collected, collect = [], models.deletion.Collector.collect

    def note_and_collect(collector, rows, *arguments, **options):
        collected.append(rows.model._meta.label)
        return collect(collector, rows, *arguments, **options)

    monkeypatch.setattr(models.deletion.Collector, "collect", note_and_collect)

    assert cases.run(approved(an)) is True
    assert set(collected) == {"privacy.Step"}


def test_another_fault_of_the_database_is_not_mistaken_for_a_reference(an, monkeypatch):
    """A constraint that a treatment breaks: it names itself, and no table is blamed."""

    def break_a_constraint(*_whom):
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO privacy_recipient (name) VALUES (NULL)")

    monkeypatch.setattr(removing, "_delete_own_rows", break_a_constraint)
    request = approved(an)

    with pytest.raises(Exception, match=r"(?i)null"):
        cases.run(request)

    assert request.run.steps.get(name=STOPPED_STEP).problem == "IntegrityError"
    assert Member.objects.filter(pk=an.pk).exists()


def table_pointing_at(subject):
    """However its rows would be treated."""
    people = Subject, Member
    (keys,) = send([references.keys_in_the_database(people)])
    looks = references.looks_at(people, keys)
    (found,) = send([references.look_at_all(looks).filled(keys_of(subject))])
    return references.table_found(looks, found)


def test_nothing_points_at_a_person_whose_tables_were_all_treated(an):
    make_score(an)
    Score._base_manager.update(member=None)
    registered = [data_map.model for data_map in registry.maps.values()]
    for model in registered:
        if model not in {Member, Subject} and any(field.related_model is Member for field in model._meta.local_fields):
            model._base_manager.all()._raw_delete("default")

    assert table_pointing_at(an.subject) is None


def test_running_it_again_after_she_is_gone_does_nothing(an):
    request = approved(an)
    cases.run(request)
    step = request.run.steps.get(name=STOPPED_STEP)
    counted = step.counts

    type(step).objects.filter(pk=step.pk).update(finished_at=None)
    Run.objects.update(finished_at=None)
    cases.DataSubjectRequest.objects.update(status="running")
    request.letters.all().delete()

    assert cases.run(request) is True
    step.refresh_from_db()
    assert step.counts == counted
