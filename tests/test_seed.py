"""The invented platform: the same for the same seed, believable, and never beside members it did not make."""

import re
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from accounts import consent
from accounts.models import Ban, Member, ProfileConsentEvent
from config.demo import people, seed, size, words
from consents.models import ConsentEvent, Partner, PartnerGrant
from privacy.casework import cases
from privacy.datamap import Right
from privacy.models import Disclosure, StatisticsClosure, Subject
from usage.models import Comment, Favourite, Message, Publication, Resource, ResourceView, Score, Search, SignIn

from . import makers

pytestmark = pytest.mark.long


def seed_demo(*arguments):
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


def rows_of_every_table():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


class Again(Exception):
    """Undoes what was seeded."""


def write(wanted):
    seed.write(wanted, seed=1, progress=lambda rows: None)


@pytest.fixture
def platform(db):
    return seed_demo("--members", "30", "--views", "1500")


def test_what_members_show_they_agreed_to(platform):
    """Art. 7(1)."""
    agreed = {event.subject_ref: event.attributes for event in ProfileConsentEvent.objects.all()}

    shown = {member.subject_id: consent.shown(member) for member in Member.objects.all() if consent.shown(member)}

    assert agreed == shown != {}


@pytest.fixture(scope="module")
def usage_rows(django_db_setup, django_db_blocker):
    """How many rows each table has on a platform of usual proportions."""
    with django_db_blocker.unblock(), suppress(Again), transaction.atomic():
        write(size.scaled(0.25))
        rows = rows_of_every_table()
        raise Again
    return rows


def what_people_did():
    """Without numbers and moments."""
    return {
        "members": list(Member.objects.order_by("email").values_list("email", "town", "occupation")),
        "messages": list(Message.objects.order_by("pk").values_list("sender__email", "recipient__email", "text")),
        "searches": list(Search.objects.order_by("pk").values_list("member__email", "words")),
        "scores": sorted(Score.objects.values_list("member__email", "resource__title", "value")),
        "publications": sorted(Publication.objects.values_list("author__email", "resource__title", "description", "file_name")),
    }


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_people_and_the_same_deeds():
    seen = []
    for _time in range(2):
        with suppress(Again), transaction.atomic():
            seed_demo("--members", "12", "--views", "20", "--seed", "7")
            seen.append(what_people_did())
            raise Again

    assert seen[0] == seen[1]
    assert all(seen[0].values())


def test_another_seed_gives_other_people():
    first, second = ({member.email for member in people.members(30, seed=number, password="")} for number in (1, 2))

    assert first & second == set(people.cast_addresses())


def test_more_members_begin_with_the_same_ones():
    few, many = (list(people.members(number, seed=1, password="")) for number in (20, 40))

    assert [member.email for member in many[:20]] == [member.email for member in few]


def test_as_many_are_made_as_were_asked_for(platform):
    assert "seeded: 30 members" in platform
    assert Member.objects.count() == Subject.objects.count() == 30
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == 30
    assert ResourceView.objects.count() == 1500
    assert 250 <= Resource.objects.count() <= 360
    assert Ban.objects.count() == 1


def test_nobody_can_receive_mail_at_an_invented_address(platform):
    addresses = [*Member.objects.values_list("email", flat=True), *Partner.objects.values_list("recipient__contact_email", flat=True)]

    assert all(address.endswith(".example") for address in addresses)


def test_members_have_a_profile_of_this_country(platform):
    members = Member.objects.all()

    assert all(re.fullmatch(r"[1-9][0-9]{3} \S.*", member.town) for member in members)
    assert all(member.first_name and member.last_name and member.occupation and member.birth_date for member in members)
    assert all(member.subject.created_at == member.date_joined for member in members.select_related("subject"))


@pytest.mark.parametrize("model", list(apps.get_app_config("usage").get_models()), ids=lambda model: model.__name__)
def test_every_table_of_usage_has_rows(usage_rows, model):
    assert usage_rows[model._meta.label] > 0


def test_every_shape_of_trace_is_there(platform):
    for model in (Score, Favourite, Message, Comment, PartnerGrant, ConsentEvent, Disclosure):
        assert model._base_manager.count() > 10, model

    assert not Comment.objects.filter(shown_name="").exists()
    assert Partner.objects.count() == len(words.PARTNERS) == 3


def test_some_resources_are_read_by_ten_people_and_closed_months_are_counted(platform):
    readers = ResourceView.objects.values("resource").annotate(people=Count("member", distinct=True))

    assert readers.filter(people__gte=10).exists()
    assert StatisticsClosure.objects.exists()


@pytest.mark.parametrize(("model", "moment"), [(ResourceView, "viewed_at"), (SignIn, "signed_in_at")])
def test_network_addresses_are_gone_from_old_rows(platform, model, moment):
    old = model.objects.filter(**{f"{moment}__lt": timezone.now() - timedelta(days=91)})

    assert old.exists()
    assert not old.filter(ip_address__isnull=False).exists()


def test_every_account_signs_in_with_the_printed_password(platform, client):
    assert people.PASSWORD in platform

    for address in (people.cast_addresses()[0], Member.objects.latest("date_joined").email):
        assert client.login(email=address, password=people.PASSWORD), address


def test_seeding_twice_adds_nothing(platform):
    before = rows_of_every_table()

    said = seed_demo("--members", "50", "--seed", "2")

    assert said.startswith("seeded already: 30 members")
    assert rows_of_every_table() == before


def test_missing_views_are_added_and_nothing_else(platform):
    before = rows_of_every_table()

    seed_demo("--views", "2000")

    assert rows_of_every_table() == before | {"usage.ResourceView": 2000}


def test_an_erased_member_does_not_come_back(platform):
    member = Member.objects.filter(is_staff=False).latest("email")
    request = cases.submit(Right.ERASURE, subject=member.subject, channel=cases.Channel.DEMO)
    cases.approve(request, subject=member.subject, grace=timedelta(0))
    cases.run(request)

    seed_demo("--members", "31")

    assert Member.objects.count() == 29


def test_it_refuses_beside_members_that_it_did_not_make(an):
    with pytest.raises(CommandError) as refusal:
        seed_demo("--members", "10")

    assert refusal.value.returncode == 1
    assert Member.objects.get() == an


def test_a_demonstration_may_stand_beside_others(an, settings):
    settings.PRIVACY = {**settings.PRIVACY, "DEMO": True}
    makers.make_view(an)

    seed_demo("--members", "10", "--views", "100")

    assert Member.objects.count() == 11


@pytest.mark.parametrize("wrong", [["--members", "3"], ["--members", "many"], ["--views", "-1"], ["--scale", "0"], ["--scale", "1.5"]])
def test_numbers_that_make_no_platform_are_wrong_usage(wrong):
    with pytest.raises(CommandError):
        seed_demo(*wrong)


@pytest.mark.parametrize("beside", [["--members", "20"], ["--views", "10"]])
def test_a_scale_beside_a_number_is_refused(beside):
    with pytest.raises(CommandError, match="give either --scale, or --members and --views") as refusal:
        seed_demo("--scale", "1", *beside)

    assert refusal.value.returncode == 2


def test_a_step_of_the_scale_is_so_many_rows():
    assert size.scaled(10).rows == 1_000_000


def test_a_scaled_platform_has_the_rows_that_were_asked_for(usage_rows):
    """But for permissions and other rows that Django makes itself, and what closing a month adds."""
    own = sum(rows for label, rows in usage_rows.items() if label.partition(".")[0] in {"accounts", "consents", "privacy", "usage"})

    assert 25_000 * 0.98 < own + usage_rows["account.EmailAddress"] < 25_000 * 1.03
    assert usage_rows["usage.ResourceView"] > usage_rows["usage.SignIn"] > 0


def test_a_bar_comes_close_to_its_end(db):
    wanted, done = size.of(60), []

    seed.write(wanted, seed=1, progress=done.append)

    assert sum(done) == pytest.approx(wanted.rows, rel=0.1)


def test_nothing_is_left_where_seeding_fails(db, settings, monkeypatch):
    def fail(*arguments, **options):
        assert list(settings.MEDIA_ROOT.rglob("*"))
        raise Again

    monkeypatch.setattr(seed.partners, "write", fail)

    with pytest.raises(Again):
        write(size.of(12, 10))

    assert not Member.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
