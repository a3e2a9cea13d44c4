"""A believable platform, the same one for the same seed: members, what they shared and did, partners, permissions, a ban."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts import bans, consent
from accounts.misconduct import roles
from accounts.models import Member, ProfileConsentEvent
from consents.models import Partner
from privacy.conf import setting
from privacy.evidence import statistics
from privacy.models import Subject
from usage.models import Resource, ResourceView

from . import files, loading, partners, people, traces, words
from .size import Size
from .traces import visits

BATCH = 2_000
# Who was banned and is a member no more; nobody has this address.
BANNED = "g.verkoopt@bijles.example"


class NotOurs(Exception):
    """Members live here whom the demonstration did not make: accounts with a known password do not belong beside them."""


class Tally:
    """A bar's progress, and how many rows that were."""

    def __init__(self, progress):
        self.progress, self.rows = progress, 0

    def __call__(self, rows):
        self.rows += rows
        self.progress(rows)


def seed(size: Size, *, seed: int, bar) -> bool:
    """False where the platform stood already: it is left as it is. `bar(rows)` is a context that gives a function of rows done."""
    if is_seeded():
        return False
    refuse_beside_others()
    with bar(size.rows) as progress:
        write(size, seed=seed, progress=progress)
    return True


def is_seeded() -> bool:
    """Partners stay when members are erased."""
    return Partner.objects.filter(slug=words.PARTNERS[0][0]).exists()


def refuse_beside_others() -> None:
    """Raises NotOurs on a platform in use, unless its settings call it a demonstration."""
    if not setting("DEMO") and Member.objects.exists():
        raise NotOurs


def write(size: Size, *, seed: int, progress) -> None:
    """All of it or nothing, in the order in which rows lean on each other. `progress` takes a number of rows."""
    random, tally = people.faker(seed).random, Tally(progress)
    with transaction.atomic(), files.shelf() as shelf:
        teachers = _welcome(size.members, seed=seed, progress=tally)
        resources = traces.leave(teachers, random=random, shelf=shelf, progress=tally)
        partners.write(teachers, random=random, progress=tally)
        views = max(size.rows - tally.rows, 0) if size.views is None else size.views
        visits.view(views, [teacher.pk for teacher in teachers], resources, random=random, progress=tally)
        _write_ban()
        _appoint()
        loading.survey()
        statistics.close_due()


def _welcome(how_many, *, seed, progress) -> list[people.Teacher]:
    """Everybody's account; the teachers among them leave traces."""
    taken = EmailAddress.objects.values_list("email", flat=True)
    members = people.members(how_many, seed=seed, password=make_password(people.PASSWORD), taken=taken)
    return [teacher for chunk in loading.chunks(members, BATCH) for teacher in _write_members(chunk, progress)]


def _write_members(members, progress):
    """Bulk writing sends no signal: whom a member is about is made here, known since she joined."""
    for member in members:
        member.subject = Subject(kind="member", created_at=member.date_joined)
    loading.save([member.subject for member in members], progress=progress)
    loading.save(members, progress=progress)
    addresses = [EmailAddress(user=member, email=member.email, verified=True, primary=True) for member in members]
    loading.save(addresses, progress=progress)
    loading.save(list(_consents(members)), progress=progress)
    return [people.Teacher.of(member) for member in members if not member.is_staff]


def _consents(members):
    """To show what they filled in of the optional part, on the day they joined."""
    for member in members:
        if names := consent.shown(member):
            yield ProfileConsentEvent(
                subject_ref=member.subject_id,
                kind=consent.Kind.GIVEN,
                attributes=names,
                text_version=partners.TEXT_VERSION,
                language=member.language,
                at=member.date_joined,
            )


def add_missing_views(wanted: int, *, seed: int, bar) -> None:
    """Up to this number, of the members and resources that are there."""
    missing = wanted - views_there()
    if missing > 0:
        with bar(missing) as progress:
            _add_views(missing, seed=seed, progress=progress)


def _add_views(how_many, *, seed, progress):
    members = Member.objects.filter(is_staff=False, subject__hidden_at__isnull=True).order_by("email").values_list("pk", flat=True)
    resources = Resource.objects.on_offer().order_by("pk").values_list("pk", flat=True)
    with transaction.atomic():
        visits.view(how_many, list(members), list(resources), random=people.faker(seed).random, progress=progress)


def views_there() -> int:
    return ResourceView._base_manager.count()


def _write_ban():
    """Of somebody who was a member: the account is gone, the address stays listed, and nothing else is known (K-7)."""
    bans.ban(BANNED, breach=words.SERIOUS_BREACH, notices=words.SEVERAL_NOTICES, actor_ref="demo")


def _appoint():
    """As `manage.py appoint` does it: who sees the desk, and who keeps the list of banned addresses."""
    for who, role in ((people.OFFICER, "dpo"), (people.CUSTODIAN, "custodian")):
        roles.appoint(Member.objects.get(email=people.address_of(*who)), role, by="demo")
