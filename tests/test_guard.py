"""What the models and the database refuse while data may only be kept (Art. 18(2))."""

from html import unescape

import pytest
from django.db import Error, connection, models, transaction
from django.utils import timezone

from accounts.models import Member
from privacy.casework import at_once
from privacy.datamap import RestrictionGround, registry
from privacy.errors import WhileRestricted
from privacy.guard import GuardedQuerySet, guarded
from privacy.guard_postgresql import PREFIX, install, is_refusal
from privacy.pages import people
from privacy.restricted import changed_by_us
from privacy.rights import erasure, restriction
from privacy.subjects import UsableManager
from usage import keeping, members, messaging, names, opinions, publishing, search, visits
from usage.errors import MemberGone
from usage.letters import tell_of_message
from usage.models import Comment, Favourite, Folder, Follow, Message, Publication, ResourceView, Score, Search, SignIn

from .makers import (
    make_comment,
    make_favourite,
    make_folder,
    make_follow,
    make_message,
    make_publication,
    make_resource,
    make_score,
    make_view,
)
from .signing_in import browser_of
from .test_usable import MAKE

pytestmark = pytest.mark.django_db

on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has the models' guard alone: docs say so")


def restrict(member, *uses):
    restriction.begin(member.subject, uses or [""], ground=RestrictionGround.UNLAWFUL)
    member.subject.refresh_from_db()


# What is read


@pytest.mark.parametrize("model", MAKE)
def test_rows_of_restricted_people_vanish_and_come_back(an, bo, model):
    """G-34."""
    of_an, of_bo = MAKE[model](an), MAKE[model](bo)

    restrict(an)
    meanwhile = set(model.objects.all())
    restriction.end(restriction.in_force_for(an.subject))

    assert meanwhile == {of_bo}
    assert set(model.objects.all()) == {of_an, of_bo}


def test_rows_of_another_use_stay(an):
    view = make_view(an)

    restrict(an, "publication", "account")

    assert list(ResourceView.objects.all()) == [view]


def test_she_is_not_among_the_members_that_pages_show(an, bo):
    """G-34."""
    restrict(an, "account")

    assert list(Member.objects.usable()) == [bo]
    assert not members.is_visible(Member.objects.get(pk=an.pk))
    assert set(Member.objects.all()) == {an, bo}


@pytest.mark.parametrize("use", ["account", "publication"])
def test_her_name_is_masked_where_rows_stay(an, use):
    """G-34."""
    comment = make_comment(an)

    restrict(an, use)

    read = Comment.objects.with_names().get(pk=comment.pk)
    assert names.name_of(read.author, read.shown_name) == str(names.FORMER_MEMBER)


def test_searching_her_name_finds_nothing(an):
    """G-34."""
    published = make_publication(an)
    found = [published.resource]
    assert list(search.matching(type(found[0]).objects.all(), an.last_name)) == found

    restrict(an)

    assert not search.matching(type(found[0]).objects.all(), an.last_name).exists()


def test_no_mail_says_that_somebody_wrote_to_her(an, bo):
    """G-34."""
    message = make_message(bo, an)
    restrict(an)

    assert not tell_of_message(Message.objects.get(pk=message.pk))


# What is refused, by every way to write

CHANGES = {
    "save": lambda row, field, value: row.save(),
    "save of that column": lambda row, field, value: row.save(update_fields=[field]),
    "update": lambda row, field, value: type(row).objects.filter(pk=row.pk).update(**{field: value}),
    "bulk_update": lambda row, field, value: type(row).objects.bulk_update([row], [field]),
}


@pytest.mark.parametrize("way", CHANGES)
@pytest.mark.parametrize("make", ["account", "comment", "publication", "message"])
def test_what_is_hers_does_not_change(an, bo, make, way):
    """G-34."""
    rows = {
        "account": lambda: (an, "town"),
        "comment": lambda: (make_comment(an), "text"),
        "publication": lambda: (make_publication(an), "description"),
        "message": lambda: (make_message(an, bo), "text"),
    }
    row, field = rows[make]()
    before = getattr(row, field)
    restrict(an)
    setattr(row, field, "anders")

    with pytest.raises(WhileRestricted), transaction.atomic():
        CHANGES[way](row, field, "anders")

    assert getattr(type(row)._base_manager.get(pk=row.pk), field) == before


@pytest.mark.parametrize("make", [make_view, make_score, make_folder, make_comment, make_publication])
def test_nothing_new_of_her_is_kept(an, make):
    """G-34."""
    restrict(an)

    with pytest.raises(WhileRestricted):
        make(an)


def test_nor_many_at_once(an, bo):
    resource = make_resource()
    restrict(an)

    with pytest.raises(WhileRestricted):
        ResourceView.objects.bulk_create(ResourceView(member=member, resource=resource) for member in (bo, an))

    assert not ResourceView._base_manager.exists()


def test_a_row_that_is_given_to_her_is_new_of_her(an, bo):
    folder = make_folder(bo)
    restrict(an)
    folder.member = an

    with pytest.raises(WhileRestricted):
        folder.save()


def test_nor_is_anything_taken_away(an, bo):
    make_comment(an), make_message(an, bo)
    restrict(an)

    for model in (Comment, Message):
        with pytest.raises(WhileRestricted):
            model.objects.all().delete()
        assert model.objects.count() == 1


def test_along_a_path_too(an):
    """Her favourites hang on her folders."""
    favourite = make_favourite(an)
    restrict(an)
    favourite.note = "anders"

    with pytest.raises(WhileRestricted):
        favourite.save()
    with pytest.raises(WhileRestricted):
        Favourite.objects.create(folder=Folder._base_manager.get(), resource=make_resource("Kommagetallen"))


def test_what_was_not_changed_may_be_saved(an):
    restrict(an)

    Member.objects.get(pk=an.pk).save()


@pytest.mark.parametrize("column", ["password", "last_login", "is_active", "email"])
def test_she_can_sign_in_all_the_same(an, column):
    """G-34."""
    restrict(an)
    values = {"password": "!", "last_login": timezone.now(), "is_active": False, "email": "nieuw@school.example"}
    setattr(an, column, values[column])

    an.save()
    Member.objects.filter(pk=an.pk).update(**{column: values[column]})

    assert getattr(Member.objects.get(pk=an.pk), column) == values[column]


def test_another_who_stands_in_the_same_row_is_free(an, bo):
    """Of a message the text is the sender's, and when it was read the recipient's."""
    message = make_message(bo, an)
    restrict(an)
    message.text = "beter"

    message.save()

    assert Message.objects.get().text == "beter"
    with pytest.raises(WhileRestricted):
        Message.objects.update(read_at=timezone.now())


def test_a_follower_is_free_to_stop(an, bo):
    follow = make_follow(bo, an)
    restrict(an)

    type(follow)._base_manager.filter(pk=follow.pk).delete()

    assert not Follow._base_manager.exists()


def test_another_use_goes_on(an):
    restrict(an, "publication")

    make_view(an)
    an.town = "2000 Antwerpen"
    an.save()

    assert Member.objects.get(pk=an.pk).town == "2000 Antwerpen"


def test_we_write_through_a_gate_that_closes_again(an):
    restrict(an)

    with changed_by_us():
        Member.objects.filter(pk=an.pk).update(town="9000 Gent-Ledeberg")

    assert Member.objects.get(pk=an.pk).town == "9000 Gent-Ledeberg"
    with pytest.raises(WhileRestricted):
        Member.objects.filter(pk=an.pk).update(town="anders")


def test_the_gate_closes_after_an_error_too(an):
    restrict(an)

    with pytest.raises(ZeroDivisionError):
        _half(an)

    assert Member.objects.get(pk=an.pk).town == an.town
    with pytest.raises(WhileRestricted):
        Member.objects.filter(pk=an.pk).update(town="anders")


def _half(member):
    with changed_by_us():
        Member.objects.filter(pk=member.pk).update(town="half")
        raise ZeroDivisionError


def test_her_own_correction_waits(an):
    """G-34."""
    restrict(an)

    with pytest.raises(WhileRestricted):
        at_once.correct(an.subject, {("accounts.Member", an.pk): {"town": "2000 Antwerpen"}})


# What the platform does


@pytest.mark.parametrize(
    "act",
    [
        lambda an, bo: messaging.send(an, bo.pk, "Dag"),
        lambda an, bo: opinions.score(an, make_resource(), 4),
        lambda an, bo: keeping.make_folder(an, "Nieuw"),
        lambda an, bo: publishing.withdraw(Publication.objects.get()),
    ],
)
def test_acts_of_hers_are_refused_with_a_sentence(an, bo, act):
    make_publication(an)
    restrict(an)

    with pytest.raises(WhileRestricted):
        act(an, bo)


def test_nobody_writes_to_her(an, bo):
    restrict(an)

    with pytest.raises(MemberGone):
        messaging.send(bo, an.pk, "Dag")


def test_her_visits_leave_no_trace(an):
    """G-34."""
    restrict(an)

    visits.note_view(an, make_resource(), None, ip_address=None)
    search.note(an, "breuken")

    assert not ResourceView._base_manager.exists()
    assert not Search._base_manager.exists()


def test_signing_in_works_and_is_not_noted(an):
    """G-34."""
    restrict(an)

    browser_of(an)

    assert not SignIn._base_manager.exists()


def test_rows_without_anybody_are_as_free_as_before(an, bo):
    score = make_score(bo)
    restrict(an)

    Score.objects.filter(pk=score.pk).update(member=None)
    Score.objects.filter(pk=score.pk).update(value=5)

    assert Score.objects.get().value == 5


def test_hidden_people_are_erased_as_before(an):
    make_view(an)
    restrict(an)

    erasure.hide(an.subject)

    assert not ResourceView.objects.exists()


# Which tables


def test_every_table_of_a_host_that_leads_to_a_person_is_guarded():
    """DESIGN D-10."""
    free = {data_map.label() for data_map in registry.maps.values() if _is_ours(data_map) and not guarded(data_map)}
    goes_on = {data_map.label() for data_map in registry.maps.values() if data_map.activity.goes_on}

    assert free <= goes_on


def _is_ours(data_map):
    led = any(not line.by for line in data_map.person_lines())
    return led and getattr(data_map.model._default_manager, "leaves_out_hidden", False)


def test_any_queryset_of_a_usable_manager_refuses():
    class Others(models.QuerySet):
        def old(self):
            return self

    manager = UsableManager.from_queryset(Others)()

    assert issubclass(manager._queryset_class, (GuardedQuerySet, Others))
    assert hasattr(manager, "old")


# In the database itself

STATEMENTS = {
    "update": "UPDATE accounts_member SET town = 'x' WHERE id = %s",
    "insert": "INSERT INTO usage_search (member_id, words, searched_at) VALUES (%s, 'x', now())",
    "delete": "DELETE FROM usage_resourceview WHERE member_id = %s",
}


@on_postgresql
@pytest.mark.parametrize("statement", STATEMENTS)
def test_postgresql_itself_refuses(an, statement):
    """G-34."""
    make_view(an)
    restrict(an)

    with pytest.raises(Error) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STATEMENTS[statement], [an.pk])

    assert is_refusal(refused.value)


@on_postgresql
def test_postgresql_lets_others_and_sign_in_through(an, bo):
    restrict(an)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_member SET town = 'x' WHERE id = %s", [bo.pk])
        cursor.execute("UPDATE accounts_member SET last_login = now() WHERE id = %s", [an.pk])
        cursor.execute("INSERT INTO usage_search (member_id, words, searched_at) VALUES (%s, 'x', now())", [bo.pk])


@on_postgresql
def test_postgresql_lets_us_through_until_the_gate_closes(an):
    restrict(an)

    with changed_by_us():
        Member._base_manager.filter(pk=an.pk).update(town="x")

    with pytest.raises(Error), transaction.atomic():
        Member._base_manager.filter(pk=an.pk).update(town="y")


@on_postgresql
def test_another_use_goes_on_in_postgresql(an):
    restrict(an, "publication")

    Member._base_manager.filter(pk=an.pk).update(town="x")


@on_postgresql
def test_a_migration_that_changes_nothing_makes_no_trigger_anew():
    with connection.cursor() as cursor:
        before = _triggers(cursor)
        install(None, plan=[])

        assert before == _triggers(cursor)
    assert len(before) == sum(len(guarded(data_map)) for data_map in registry.maps.values())


def _triggers(cursor):
    cursor.execute("SELECT oid, tgname FROM pg_trigger WHERE starts_with(tgname, %s)", [PREFIX])
    return set(cursor.fetchall())


@on_postgresql
def test_what_passed_by_the_models_becomes_a_page(an, rf):
    """A refusal of the database is no broken page."""
    restrict(an)
    asked = rf.get("/my-privacy/")
    asked.user = an

    answer = people.person_page(_passes_by_the_models)(asked)

    assert answer.status_code == 400
    assert str(WhileRestricted.sentence) in unescape(answer.content.decode())


@transaction.atomic
def _passes_by_the_models(request):
    Member._base_manager.filter(pk=request.user.pk).update(town="x")
