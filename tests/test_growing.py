"""Tables that only grow refuse every way to change them."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection, models, transaction
from django.db.models import F
from django.db.models.deletion import Collector, ProtectedError
from django.test.utils import isolate_apps
from django.utils import timezone

from accounts.models import ProfileConsentEvent
from consents.models import ConsentEvent, Wording
from privacy.casework import at_once, changeable, settings
from privacy.errors import AppendOnly
from privacy.evidence import heads, seals
from privacy.evidence.growing import MAINTENANCE_ROLE, GrowingModel
from privacy.models import (
    AffectedPerson,
    Breach,
    BreachNotice,
    BreachPhase,
    Disclosure,
    SealedEntry,
    SettingChange,
    TrailCheck,
    TrailEntry,
    TrailSeal,
)

from .breached import make_breach, told_authority
from .makers import make_grant

GROWING = [model for model in apps.get_models() if issubclass(model, GrowingModel)]


@pytest.fixture
def event(an, edupartner):
    make_grant(an, edupartner)
    return ConsentEvent.objects.get()


@pytest.fixture
def rows(an, edupartner, event):
    """One row in each table that grows."""
    Disclosure.objects.create(recipient=edupartner.recipient, subject_ref=an.subject.ref, attributes=["email"], basis="consent")
    at_once.correct(an.subject, {("accounts.Member", an.pk): {"about_me": "Ik geef wiskunde."}})
    told_authority(make_breach(refs=[an.subject.ref]))
    seals.seal(now=timezone.now() + timedelta(hours=1))
    heads.check(timezone.now())
    settings.change(changeable.named("ARCHIVE_HOURS"), "96", reason="langer", actor_ref="dpo", seen=0)
    return {model: model.objects.order_by("pk").first() for model in GROWING}


def columns(event):
    return ConsentEvent.objects.values().get(pk=event.pk)


def save(event):
    event.language = "fr"
    event.save()


def save_one_field(event):
    event.language = "fr"
    event.save(update_fields=["language"])


def save_over_it(event):
    ConsentEvent(pk=event.pk, subject_ref=event.subject_ref, partner=event.partner, kind="withdrawn", attributes=[]).save()


def load_over_it(event):
    """As loaddata does."""
    event.language = "fr"
    models.Model.save_base(event, raw=True)


def delete_by_collector(event):
    collector = Collector(using="default")
    collector.collect([event])
    collector.delete()


def insert_over_it(event):
    event.language = "fr"
    ConsentEvent.objects.bulk_create([event], update_conflicts=True, unique_fields=["id"], update_fields=["language"])


WAYS = {
    "save": save,
    "save one field": save_one_field,
    "force an update": lambda event: event.save(force_update=True),
    "save over it": save_over_it,
    "load over it": load_over_it,
    "delete": lambda event: event.delete(),
    "collector": delete_by_collector,
    "queryset update": lambda event: ConsentEvent.objects.update(language="fr"),
    "queryset update of a filter": lambda event: ConsentEvent.objects.filter(pk=event.pk).update(at=F("at") + timedelta(days=1)),
    "queryset update by columns": lambda event: ConsentEvent.objects.all()._update([]),
    "queryset delete": lambda event: ConsentEvent.objects.all().delete(),
    "raw delete": lambda event: ConsentEvent.objects.all()._raw_delete("default"),
    "bulk update": lambda event: ConsentEvent.objects.bulk_update([event], ["language"]),
    "update or create": lambda event: ConsentEvent.objects.update_or_create(pk=event.pk, defaults={"language": "fr"}),
    "insert over it": insert_over_it,
    "insert over it by place": lambda event: ConsentEvent.objects.bulk_create([event], None, False, True, ["language"], ["id"]),
    "base manager update": lambda event: ConsentEvent._base_manager.update(language="fr"),
    "base manager delete": lambda event: ConsentEvent._base_manager.all().delete(),
    "related manager update": lambda event: event.partner.consentevent_set.update(language="fr"),
    "related manager delete": lambda event: event.partner.consentevent_set.all().delete(),
    "related manager add": lambda event: event.partner.consentevent_set.add(event),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_django_changes_a_row(event, way):
    """G-51, T-27."""
    before = columns(event)

    with pytest.raises(AppendOnly), transaction.atomic():
        WAYS[way](event)

    assert columns(event) == before


def test_the_tables_that_grow_are_the_records_of_what_was_done():
    of_the_trail = {TrailCheck, TrailEntry, TrailSeal, SealedEntry}
    of_breaches = {AffectedPerson, Breach, BreachNotice, BreachPhase}

    assert set(GROWING) == {ConsentEvent, Disclosure, ProfileConsentEvent, SettingChange, Wording} | of_the_trail | of_breaches


@pytest.mark.parametrize("model", GROWING)
def test_every_table_that_grows_refuses(rows, model):
    """T-27."""
    with pytest.raises(AppendOnly):
        rows[model].save()
    with pytest.raises(AppendOnly):
        model._base_manager.all().delete()


def test_deleting_what_a_row_points_at_is_refused(event):
    with pytest.raises(ProtectedError):
        event.partner.delete()


def test_rows_are_added_one_by_one_in_bulk_and_with_a_key_of_their_own(event):
    more = [ConsentEvent(subject_ref=event.subject_ref, partner=event.partner, kind="given", attributes=[]) for _ in range(4)]
    more[3].pk = event.pk + 1000

    ConsentEvent.objects.bulk_create(more[:2])
    more[2].save(force_insert=True)
    more[3].save()

    assert ConsentEvent.objects.count() == 5


def test_a_row_that_is_there_is_left_by_an_insert_that_ignores_conflicts(event):
    before = columns(event)
    event.language = "fr"

    ConsentEvent.objects.bulk_create([event], ignore_conflicts=True)

    assert columns(event) == before


@isolate_apps("consents")
def test_a_table_that_grows_cannot_have_a_key_along_which_others_delete_it():
    with pytest.raises(ImproperlyConfigured, match="PROTECT"):

        class Diary(GrowingModel):
            partner = models.ForeignKey("consents.Partner", on_delete=models.CASCADE)

            class Meta:
                app_label = "consents"


@isolate_apps("consents")
def test_a_table_that_grows_keeps_its_guard_when_its_own_meta_forgets_it():
    class Diary(GrowingModel):
        class Meta:
            app_label = "consents"

    with pytest.raises(AppendOnly):
        Diary._base_manager.update(id=1)


on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no such guard: docs say so")
STATEMENTS = {
    "update": "UPDATE {table} SET id = id",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
}


def execute(*statements):
    """After the deferred checks of the test's own rows, for which TRUNCATE would not wait."""
    connection.check_constraints()
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@on_postgresql
@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("model", GROWING)
def test_postgresql_itself_refuses(rows, model, statement):
    """G-51, T-27."""
    with pytest.raises(Error, match="only grows"):
        execute(STATEMENTS[statement].format(table=model._meta.db_table))

    assert model.objects.exists()


@on_postgresql
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE consents_partner CASCADE",
        "INSERT INTO consents_consentevent SELECT * FROM consents_consentevent ON CONFLICT (id) DO UPDATE SET language = 'fr'",
        "WITH gone AS (DELETE FROM consents_consentevent RETURNING id) SELECT count(*) FROM gone",
    ],
)
def test_postgresql_refuses_ways_round_too(event, statement):
    """T-27."""
    with pytest.raises(Error, match="only grows"):
        execute(statement)

    assert ConsentEvent.objects.get() == event


@on_postgresql
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_maintenance_role_may(event, statement):
    execute(
        f"GRANT SELECT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO {MAINTENANCE_ROLE}",
        f"SET ROLE {MAINTENANCE_ROLE}",
        STATEMENTS[statement].format(table="consents_consentevent"),
        "RESET ROLE",
    )

    assert ConsentEvent.objects.exists() == (statement == "update")
