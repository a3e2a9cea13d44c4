"""What happens at night to rows that lost their person."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from privacy.datamap import registry
from privacy.errors import RowsFollow
from privacy.evidence import together
from privacy.evidence.crowds import Mixed, Unmixed, left_behind
from privacy.models import Statement
from privacy.rights import cleaning, scattering, shuffling
from usage.models import Comment, Message, Publication, Resource, Score

from . import races
from .makers import make_comment, make_member, make_message, make_publication, make_score
from .properties.acts import erase, treat_rows
from .properties.linking import dump, plain
from .properties.traces import snapshot
from .test_holds import hold

SCORES = registry.map_of(Score)
CROWD = 11


def night(days=0):
    return shuffling.apply(timezone.now() + timedelta(days=days))


def gone(people=CROWD, *, make=make_score, each=3):
    """So many people, each with some rows of her own, which all lost her on one day."""
    for number in range(people):
        member = make_member(f"Lid{number}")
        rows = [make(member) for _row in range(each)]
        treat_rows(member.subject, [type(rows[0])])


def keys(model):
    """In the order in which a dump writes them."""
    return [row["id"] for row in dump(model)]


@pytest.mark.django_db
def test_rows_of_enough_people_are_mixed_and_stay_the_same():
    gone()
    before, order = snapshot()["usage_score"], keys(Score)

    assert night() == CROWD * 3

    assert snapshot()["usage_score"] == before
    assert keys(Score) != order
    assert not Unmixed.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_old_places_are_cleaned_up_after_the_night(monkeypatch):
    """Until then the file of the table shows the rows as they lay."""
    cleaned = []
    monkeypatch.setattr(cleaning, "_empty_log", lambda: cleaned.append("log") or True)
    gone()

    night()

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a page counts as visible to all once VACUUM went over it
            cursor.execute("SELECT relname FROM pg_class WHERE relallvisible > 0 AND relname IN ('usage_score', 'privacy_unmixed')")
            cleaned = sorted(name for (name,) in cursor.fetchall())
    assert cleaned == (["usage_score"] if connection.vendor == "postgresql" else ["log"])


@pytest.mark.django_db(transaction=True)
def test_a_night_without_rows_cleans_nothing(monkeypatch):
    monkeypatch.setattr(cleaning, "_empty_log", lambda: pytest.fail("nothing was moved"))
    monkeypatch.setattr(cleaning, "_vacuum", lambda table: pytest.fail("nothing was moved"))

    assert night() == 0


@pytest.mark.django_db
def test_what_others_have_stays_where_it_is(bo):
    his = [make_score(bo) for _row in range(5)]
    gone()

    night()

    assert keys(Score)[:5] == [plain(score.pk) for score in his]


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "left"), [(6, 30), (7, 0)])
def test_scores_of_too_few_people_wait_seven_days_and_go(days, left):
    """T-25."""
    gone(CROWD - 1)

    night(days)

    assert Score.objects.count() == left
    assert Unmixed.objects.filter(table="usage.Score").count() == left


@pytest.mark.django_db
def test_scores_of_somebody_who_has_more_than_all_others_together_go(an):
    gone()
    night()
    for _row in range(CROWD * 3 + 1):
        make_score(an)
    treat_rows(an.subject, [Score])

    night(8)

    assert Score.objects.count() == CROWD * 3
    assert Mixed.objects.get(table="usage.Score").people == CROWD


@pytest.mark.django_db
def test_once_there_is_a_crowd_one_more_is_mixed_the_same_night(an):
    gone()
    night()
    make_score(an)
    erase(an.subject)

    assert night() == 1

    assert Mixed.objects.get(table="usage.Score").people == CROWD + 1


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "model"), [(make_comment, Comment), (make_publication, Publication)])
def test_what_a_former_member_published_is_never_deleted(an, make, model):
    """K-4."""
    make(an)
    erase(an.subject)

    night(30)

    assert model.objects.count() == 1
    assert not Unmixed.objects.filter(table=model._meta.label).exists()


@pytest.mark.django_db
def test_what_keeps_a_name_is_not_mixed(an):
    make_comment(an)

    erase(an.subject, {"comments": "name_stays"})

    assert not Unmixed.objects.exists()
    assert not left_behind(registry.map_of(Comment)).exists()


@pytest.mark.django_db
def test_a_conversation_stays_together_and_in_its_order(bo):
    """Under new numbers, since the old ones told when."""
    for number in range(CROWD):
        member = make_member(f"Lid{number}")
        first = make_message(member, bo, f"{number} eerst")
        make_message(bo, member, f"{number} dan", conversation=first.conversation)
        treat_rows(member.subject, [Message])
    highest = max(keys(Message))

    night()

    said = list(Message.objects.order_by("pk").values_list("text", flat=True))
    assert sorted(said[::2]) == sorted(f"{number} eerst" for number in range(CROWD))
    assert [text.split()[0] for text in said[::2]] == [text.split()[0] for text in said[1::2]]
    assert min(keys(Message)) > highest
    mixed = max(keys(Message))
    assert make_message(bo, make_member("Cas")).pk > mixed


@pytest.mark.django_db
def test_what_names_a_message_follows_its_new_number(an, bo):
    message = make_message(an, bo)
    Statement.objects.create(subject_ref=bo.subject.ref, request_ref="1", about="usage.Message.text", row_key=str(message.pk))
    treat_rows(an.subject, [Message])

    night()

    number = Message.objects.get().pk
    assert number != message.pk
    assert Statement.objects.get().row_key == str(number)


@pytest.mark.django_db
def test_a_hold_on_a_message_follows_its_new_number(an, bo):
    message = make_message(an, bo)
    held = hold(bo, "usage.Message", row_key=str(message.pk))
    treat_rows(an.subject, [Message])

    night()

    number = Message.objects.get().pk
    held.refresh_from_db()
    assert number != message.pk
    assert held.row_key == str(number)
    assert held.rows(bo.subject).get().pk == number


@pytest.mark.django_db
def test_material_lies_elsewhere_than_it_was_published():
    gone(make=make_publication)
    before, order = snapshot()["usage_resource"], keys(Resource)

    night()

    assert snapshot()["usage_resource"] == before
    assert keys(Resource) != order


@pytest.mark.django_db
def test_a_night_that_was_broken_off_goes_on(monkeypatch):
    gone()
    monkeypatch.setattr(shuffling, "BATCH_ROWS", 10)
    monkeypatch.setattr(shuffling, "OTHERS_PER_ROW", 0)
    broken = iter([False, True])
    scatter = scattering.scatter
    monkeypatch.setattr(scattering, "scatter", lambda *args, **more: 1 / 0 if next(broken) else scatter(*args, **more))
    with pytest.raises(ZeroDivisionError):
        night()

    monkeypatch.setattr(scattering, "scatter", scatter)

    assert night() == CROWD * 3 - 10
    assert (Score.objects.count(), Unmixed.objects.count()) == (CROWD * 3, 0)


@pytest.mark.django_db
def test_rows_of_an_erasure_under_way_wait(an):
    scores = [make_score(an) for _row in range(2)]
    together.note(SCORES, Score._base_manager.filter(member=an), request_ref="1")
    Score._base_manager.filter(pk=scores[0].pk).update(member=None)

    night(30)

    assert Score._base_manager.count() == 2


@pytest.mark.django_db
def test_a_table_with_a_trigger_is_refused():
    calls = {
        "postgresql": [
            "CREATE FUNCTION listen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
            "CREATE TRIGGER listens BEFORE DELETE ON usage_score FOR EACH ROW EXECUTE FUNCTION listen()",
        ],
        "sqlite": ["CREATE TRIGGER listens BEFORE DELETE ON usage_score BEGIN SELECT 1; END"],
    }
    with connection.cursor() as cursor:
        for call in calls[connection.vendor]:
            cursor.execute(call)

    with pytest.raises(RowsFollow, match="usage_score"):
        scattering.refuse_followers(SCORES)


@pytest.mark.django_db
def test_a_table_with_a_trigger_does_not_keep_the_others_from_being_mixed(monkeypatch, caplog):
    for number in range(CROWD):
        member = make_member(f"Lid{number}")
        treat_rows(member.subject, {type(make(member)) for make in (make_score, make_comment)})
    refuse = scattering.refuse_followers

    def refuse_scores(data_map):
        if data_map is SCORES:
            raise RowsFollow("usage_score")
        refuse(data_map)

    monkeypatch.setattr(scattering, "refuse_followers", refuse_scores)

    assert night() == CROWD
    assert set(Unmixed.objects.values_list("table", flat=True)) == {"usage.Score"}
    assert "usage.Score was not mixed" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_comes_in_between_loses_nothing(monkeypatch):
    """She waits until the rows are back, then finds hers."""
    races.needs_threads()
    gone(make=make_comment, each=1)
    comment = Comment.objects.first()
    forget, writers = scattering._forget, []

    def forget_while_she_writes(*args):
        writers.append(races.start(lambda: Comment.objects.filter(pk=comment.pk).update(text="Gewijzigd.")))
        races.let_it_reach_the_lock()
        forget(*args)

    monkeypatch.setattr(scattering, "_forget", forget_while_she_writes)
    night()

    assert races.outcome(writers[0]) == 1
    assert Comment.objects.get(pk=comment.pk).text == "Gewijzigd."


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time")
def test_a_table_in_use_waits_for_the_next_night():
    gone(make=make_comment, each=1)

    with transaction.atomic():
        Comment._base_manager.select_for_update().first()
        assert races.outcome(races.start(night)) == 0

    assert Unmixed.objects.filter(table="usage.Comment").count() == CROWD
    assert night() == CROWD
