"""The log of breaches: what was known when, and who was told of it or not."""

from datetime import timedelta

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from privacy.casework.registers import breaching, clock, duties, reach
from privacy.casework.registers.breaches import last_phase
from privacy.datamap import registry
from privacy.errors import (
    AlreadyWritten,
    AppendOnly,
    BreachInFuture,
    BreachMovedOn,
    BreachNotFound,
    LateWithoutReason,
    NotConcerned,
    RiskAsksForIt,
    SilenceWithoutWords,
)
from privacy.models import AgendaItem, Breach, BreachLetter, BreachNotice, BreachPhase, Disclosure, Subject, TrailEntry
from privacy.subjects import rows_concerning
from usage.models import Favourite, ResourceView

from .breached import known, make_breach, told_authority, told_persons
from .makers import make_favourite, make_member, make_partner, make_view
from .properties.acts import erase
from .races import at_once, needs_threads

pytestmark = pytest.mark.django_db


def waiting(breach):
    return [item.due_on for item in AgendaItem.objects.open().filter(request_ref=breach.ref, kind="breach")]


def duties_of(breach):
    found = duties.of(breach)
    return {name for name in ("authority", "persons", "public") if getattr(found, name)}


@pytest.mark.parametrize("change", [lambda row: row.delete(), lambda row: row.save(), lambda row: type(row).objects.all().delete()])
def test_nothing_in_the_log_is_changed_or_removed(an, change):
    """G-62."""
    make_view(an)
    breach = make_breach()
    told_authority(breach)

    for model in (Breach, BreachPhase, BreachNotice):
        with pytest.raises(AppendOnly), transaction.atomic():
            change(model.objects.get())


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has the model's guard alone")
@pytest.mark.parametrize("table", ["breach", "breachphase", "breachnotice", "affectedperson"])
def test_postgresql_itself_keeps_the_log(an, table):
    """G-62."""
    breach = make_breach(refs=[an.subject.ref])
    told_authority(breach)
    connection.check_constraints()

    with pytest.raises(Error, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM privacy_{table}")


def test_a_breach_of_which_nobody_has_to_be_told_is_in_the_log_too(an):
    """G-62."""
    breach = make_breach(risk="none")

    breaching.spare(breach.ref, "authority", seen=1, outcome="no_risk", words="De bestanden waren leeg.", actor_ref="dpo")

    assert (Breach.objects.get(), duties_of(breach), waiting(breach)) == (breach, set(), [])


def test_what_a_newer_rule_asks_of_an_old_breach_waits_from_the_next_night_on(an):
    """G-63, G-65: and nothing else does."""
    breach, done = make_breach(risk="high"), make_breach()
    told_authority(done)
    due = waiting(breach)
    AgendaItem.objects.end(breach.ref, "breach")

    for _night in range(2):
        breaching.note_open(now=timezone.now())

    assert (waiting(breach), waiting(done)) == (due, [])


def test_a_breach_waits_on_the_agenda_until_its_last_hour(an):
    """G-63."""
    breach = make_breach()

    assert waiting(breach) == [clock.last_day(breach.aware_at, breach.noted_at)]
    told_authority(breach)
    assert waiting(breach) == []


def test_an_authority_that_is_told_too_late_is_told_why(an):
    """G-63."""
    breach = make_breach(hours_ago=73)

    with pytest.raises(LateWithoutReason):
        told_authority(breach, words="  ")
    notice = told_authority(breach, words="De hosting meldde het pas gisteren.")

    assert (notice.is_late, notice.words) == (True, "De hosting meldde het pas gisteren.")


def test_what_was_told_in_time_needs_no_reason_also_when_it_is_put_on_record_later(an):
    """G-63."""
    breach = make_breach(hours_ago=100)

    assert not told_authority(breach, at=breach.aware_at + timedelta(hours=72)).is_late


def test_information_comes_in_phases_and_each_is_told(an):
    """G-63: a later phase is never late, and has to be told at once."""
    breach = make_breach(hours_ago=60)
    told_authority(breach)

    breaching.know_more(
        breach.ref, seen=1, known=known(facts="Het waren er meer."), actor_ref="dpo", now=timezone.now() + timedelta(days=3)
    )

    assert duties_of(breach) == {"authority"}
    assert not told_authority(breach, seen=2).is_late
    assert [phase.facts for phase in breach.phases.order_by("number")][1] == "Het waren er meer."
    assert duties_of(breach) == set()


@pytest.mark.parametrize("block", ["facts", "effects", "measures", "contact"])
def test_each_of_the_four_blocks_is_compulsory(an, block):
    """G-64: in the database itself."""
    with pytest.raises(IntegrityError), transaction.atomic():
        make_breach(**{block: ""})


def test_persons_and_records_are_counted_in_the_scope(an, bo):
    """G-64."""
    make_view(an), make_view(an), make_favourite(bo)

    phase = last_phase(make_breach("usage"))

    maps = [data_map for data_map in registry.maps.values() if data_map.activity.slug == "usage" and data_map.person_lines()]
    people = [subject for subject in Subject.objects.all() if any(rows_concerning(data_map, subject).exists() for data_map in maps)]
    rows = sum(rows_concerning(data_map, subject).count() for data_map in maps for subject in people)
    assert ResourceView.objects.count() + Favourite.objects.count() <= phase.records == rows
    assert phase.persons == len(people) == 2


def test_a_breach_of_a_few_counts_those_alone(an, bo):
    """G-64."""
    make_view(an), make_view(bo), make_view(bo)

    phase = last_phase(make_breach(refs=[bo.subject.ref]))

    assert (phase.persons, phase.records) == (1, 2)
    assert list(reach.of(phase).people()) == [bo.subject]


def test_twenty_people_are_counted_in_as_many_statements_as_one(an, django_assert_num_queries):
    """G-64: in the uses that lead to people by keys."""
    refs = [an.subject.ref, *(make_member(f"Lid{number}").subject.ref for number in range(19))]
    make_view(an)
    with CaptureQueriesContext(connection) as few:
        assert reach.Reach(("usage",), tuple(refs[:1])).records() == 1

    with django_assert_num_queries(len(few)):
        assert reach.Reach(("usage",), tuple(refs)).records() == 1


def test_hidden_people_count_too(an):
    make_view(an)
    Subject.objects.filter(pk=an.subject.pk).update(hidden_at=timezone.now())

    assert last_phase(make_breach()).persons == 1


def test_a_high_risk_asks_for_letters_and_nothing_less(an):
    """G-65."""
    make_view(an)
    breach = make_breach(risk="high")
    told_authority(breach)

    assert duties_of(breach) == {"persons"}
    with pytest.raises(RiskAsksForIt):
        breaching.spare(breach.ref, "persons", seen=1, outcome="no_risk", words="Het valt mee.", actor_ref="dpo")


@pytest.mark.parametrize(("outcome", "left"), [("encrypted", set()), ("neutralised", set()), ("disproportionate", {"public"})])
def test_an_exception_needs_words_and_too_much_effort_a_public_notice(an, outcome, left):
    """G-65."""
    make_view(an)
    breach = make_breach(risk="high")
    told_authority(breach)

    with pytest.raises(SilenceWithoutWords):
        breaching.spare(breach.ref, "persons", seen=1, outcome=outcome, words=" ", actor_ref="dpo")
    breaching.spare(breach.ref, "persons", seen=1, outcome=outcome, words="Omdat.", actor_ref="dpo")

    assert duties_of(breach) == left
    breaching.tell_public(breach.ref, seen=1, words="Op de startpagina.", actor_ref="dpo")
    assert duties_of(breach) == set()


def test_people_who_are_found_to_be_concerned_later_have_to_be_told_too(an, bo):
    """G-65."""
    make_view(an)
    breach = make_breach(risk="high")
    told_persons(breach)
    make_view(bo)

    breaching.know_more(breach.ref, seen=1, known=known(risk="high"), actor_ref="dpo")

    assert "persons" in duties_of(breach)


def test_who_is_named_later_is_told_although_somebody_told_is_gone(an, bo):
    """G-65: one person then, one now; but another."""
    make_view(an), make_view(bo)
    breach = make_breach(risk="high", refs=[an.subject.ref])
    told_persons(breach)
    erase(an.subject)

    breaching.know_more(breach.ref, seen=1, known=known(risk="high"), refs=[an.subject.ref, bo.subject.ref], actor_ref="dpo")

    assert "persons" in duties_of(breach)


@pytest.mark.parametrize(("named", "left"), [("an", False), ("nobody", True)])
def test_people_who_were_named_and_told_are_told_once(an, bo, named, left):
    """G-65: and everybody is more than those who were named, whatever their number."""
    make_view(an)
    breach = make_breach(risk="high", refs=[an.subject.ref])
    told_persons(breach)

    refs = [an.subject.ref] if named == "an" else []
    breaching.know_more(breach.ref, seen=1, known=known(risk="high"), refs=refs, actor_ref="dpo")

    assert ("persons" in duties_of(breach)) is left


def test_a_risk_that_is_found_lower_takes_nobody_s_letter_away(an):
    """G-65: without letters it takes a ground of Art. 34(3)."""
    make_view(an)
    breach = make_breach(risk="high")
    told_authority(breach)

    breaching.know_more(breach.ref, seen=1, known=known(risk="some"), actor_ref="dpo")
    told_authority(breach, seen=2)
    assert duties_of(breach) == {"persons"}
    breaching.spare(breach.ref, "persons", seen=2, outcome="neutralised", words="De lijst was leeg.", actor_ref="dpo")

    assert (duties_of(breach), waiting(breach)) == (set(), [])


def test_each_time_that_letters_are_too_much_it_stands_in_public_again(an, bo):
    """G-65: what stood there of the first phase says nothing of who was found since."""
    make_view(an)
    breach = make_breach(risk="high")
    breaching.spare(breach.ref, "persons", seen=1, outcome="disproportionate", words="Omdat.", actor_ref="dpo")
    breaching.tell_public(breach.ref, seen=1, words="Op de startpagina.", actor_ref="dpo")
    make_view(bo)

    breaching.know_more(breach.ref, seen=1, known=known(risk="high"), actor_ref="dpo")
    breaching.spare(breach.ref, "persons", seen=2, outcome="disproportionate", words="Omdat.", actor_ref="dpo")

    assert "public" in duties_of(breach)
    breaching.tell_public(breach.ref, seen=2, words="Op de startpagina.", actor_ref="dpo")
    assert "public" not in duties_of(breach)


def test_the_risk_that_is_there_lets_nobody_be_silent_towards_the_authority(an):
    breach = make_breach(risk="some")

    with pytest.raises(RiskAsksForIt):
        breaching.spare(breach.ref, "authority", seen=1, outcome="no_risk", words="Het valt mee.", actor_ref="dpo")


def test_partners_that_got_data_of_these_people_are_listed_and_their_officers_told(an, bo):
    """G-66."""
    concerned, other = make_partner("quizkast").recipient, make_partner("boekenkast").recipient
    for recipient, member in [(concerned, an), (other, bo)]:
        Disclosure.objects.create(recipient=recipient, subject_ref=member.subject.ref, attributes=["email"], basis="consent")
    make_view(an)
    breach = make_breach()

    listed = list(reach.of(last_phase(breach)).recipients())
    for _twice in range(2):
        breaching.tell_partners(breach.ref, listed, seen=1, actor_ref="dpo")

    assert listed == [concerned]
    assert [(notice.recipient, notice.to) for notice in BreachNotice.objects.all()] == [(concerned, "partner")]
    assert BreachLetter.objects.get().subject_ref is None


@pytest.mark.parametrize("seen", [0, 2, 9])
def test_who_read_less_than_is_known_acts_on_nothing(an, seen):
    breach = make_breach()

    with pytest.raises(BreachMovedOn):
        told_authority(breach, seen=seen)


def test_two_who_add_at_once_do_not_overwrite_each_other(transactional_db):
    needs_threads()
    breach = make_breach()

    def add():
        return breaching.know_more(breach.ref, seen=1, known=known(), actor_ref="dpo").number

    ended = at_once(add, add)

    assert sorted(type(each).__name__ for each in ended) == ["BreachMovedOn", "int"]
    assert breach.phases.count() == 2


def test_the_same_phase_is_told_to_the_authority_once(an):
    breach = make_breach()
    told_authority(breach)

    with pytest.raises(AlreadyWritten):
        told_authority(breach)


@pytest.mark.parametrize(
    "moment", [lambda breach: timezone.now() + timedelta(hours=1), lambda breach: breach.aware_at - timedelta(hours=1)]
)
def test_nobody_is_told_tomorrow_or_before_we_knew(an, moment):
    breach = make_breach()

    with pytest.raises(BreachInFuture):
        told_authority(breach, at=moment(breach))


def test_nobody_knew_of_a_breach_tomorrow():
    with pytest.raises(BreachInFuture):
        make_breach(hours_ago=-1)


def test_letters_to_nobody_are_refused_and_leave_no_trace(an):
    breach = make_breach("nothing", risk="high")

    with pytest.raises(NotConcerned):
        told_persons(breach)

    assert not BreachNotice.objects.exists()


@pytest.mark.parametrize("ref", ["ABCDEFGHJK", "", "../..", "x" * 5_000, "\x00"])
def test_a_number_that_is_none_finds_nothing(ref):
    with pytest.raises(BreachNotFound):
        breaching.know_more(ref, seen=1, known=known(), actor_ref="dpo")


def test_the_trail_says_who_decided_what_and_no_word_of_it(an, daan):
    """G-62, T-27."""
    breach = make_breach(by=daan.subject.ref)
    told_authority(breach, actor_ref=daan.subject.ref)

    said = list(TrailEntry.objects.filter(request_ref=breach.ref).order_by("pk").values_list("event", "reason", "actor_ref"))
    actor = str(daan.subject.ref)
    assert said == [("breach.noted", "", actor), ("breach.decided", "authority.told", actor)]


def test_a_thousand_people_get_their_letters_listed_in_as_many_statements_as_one(an, django_assert_max_num_queries):
    for number in range(12):
        make_view(make_member(f"Lid{number}"))
    breach = make_breach(risk="high")

    with django_assert_max_num_queries(16):
        told_persons(breach)

    assert BreachLetter.objects.count() == 12
