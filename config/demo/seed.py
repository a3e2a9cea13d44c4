"""A believable platform, the same one for the same seed: members, what they shared and did, partners, permissions, a ban."""

from dataclasses import dataclass, field

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction

from accounts import bans, consent
from accounts.models import Member, ProfileConsentEvent
from consents import permissions, releases
from consents.models import ConsentEvent, Partner
from privacy.conf import setting
from privacy.evidence import statistics
from privacy.models import Recipient, Subject
from usage.models import Resource, ResourceView

from . import people, traces, views, words

# Per member, where nobody asks for a number.
VIEWS_EACH = 60
TEXT_VERSION = "2025-1"


class NotOurs(Exception):
    """Members live here whom the demonstration did not make: accounts with a known password do not belong beside them."""


@dataclass
class Platform:
    """Everything that is to be written, in the order in which rows lean on each other."""

    members: list[Member]
    resources: list[Resource]
    partners: list[Partner]
    tables: list[list[models.Model]]
    grants: list[tuple] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(map(len, self.tables)) + len(self.grants)


def is_seeded() -> bool:
    """Partners stay when members are erased."""
    return Partner.objects.filter(slug=words.PARTNERS[0][0]).exists()


def refuse_beside_others() -> None:
    """Raises NotOurs on a platform in use, unless its settings call it a demonstration."""
    if not setting("DEMO") and Member.objects.exists():
        raise NotOurs


def imagine(how_many: int, *, seed: int, taken=()) -> Platform:
    """Nothing is written yet. People depend on the seed alone, so that more members begin with the same ones."""
    members = people.members(how_many, seed=seed, password=make_password(people.PASSWORD), taken=taken)
    random = people.faker(seed).random
    resources = traces.resources(random)
    partners = [_partner(*of) for of in words.PARTNERS]
    teachers = [member for member in members if not member.is_staff]
    folders = traces.folders(teachers, random)
    tables = [
        _subjects(members),
        members,
        [EmailAddress(user=member, email=member.email, verified=True, primary=True) for member in members],
        resources,
        list(traces.scores(teachers, resources, random)),
        folders,
        list(traces.favourites(folders, resources, random)),
        traces.messages(teachers, random),
        list(traces.comments(teachers, resources, random)),
        [partner.recipient for partner in partners],
        partners,
        list(_consents(members)),
    ]
    return Platform(members, resources, partners, tables, list(_grants(teachers, partners, random)))


def _subjects(members):
    """Bulk inserts send no signal: whom a member is about is made here."""
    for member in members:
        member.subject = Subject(kind="member")
    return [member.subject for member in members]


def _consents(members):
    """To show what they filled in of the optional part, on the day they joined."""
    for member in members:
        if names := consent.shown(member):
            yield ProfileConsentEvent(
                subject_ref=member.subject.ref,
                kind=consent.Kind.GIVEN,
                attributes=names,
                text_version=TEXT_VERSION,
                language=member.language,
                at=member.date_joined,
            )


def _partner(slug, name, purpose, attributes):
    recipient = Recipient(
        name=name,
        kind=Recipient.Kind.CONTROLLER,
        contact_email=f"privacy@{slug}.example",
        privacy_url=f"https://{slug}.example/privacy",
    )
    return Partner(recipient=recipient, slug=slug, purpose=purpose, attributes=attributes)


def _grants(teachers, partners, random):
    """Member, partner and how often something is released: most use one or two tools."""
    for member in teachers:
        for partner in random.sample(partners, random.choice([0, 1, 1, 2, 2])):
            yield member, partner, random.randint(1, 2)


def write(platform: Platform, *, views_wanted: int, seed: int, progress) -> None:
    """All of it or nothing. `progress` takes a number of rows."""
    with transaction.atomic():
        for rows in filter(None, platform.tables):
            type(rows[0])._base_manager.bulk_create(rows, batch_size=2_000)
            progress(len(rows))
        _backdate(platform.members)
        _write_views(views_wanted, platform.members, platform.resources, seed=seed, progress=progress)
        for grant in platform.grants:
            _write_grant(*grant)
            progress(1)
        _write_ban()
        _appoint_officer()
    statistics.close_due()


def add_views(how_many: int, *, seed: int, progress) -> None:
    """More views of the members and resources that are there."""
    members = Member.objects.filter(is_staff=False, subject__hidden_at__isnull=True).order_by("email")
    with transaction.atomic():
        _write_views(how_many, list(members), list(Resource.objects.order_by("pk")), seed=seed, progress=progress)


def views_there() -> int:
    return ResourceView._base_manager.count()


def _write_views(how_many, members, resources, *, seed, progress):
    keys = [member.pk for member in members if not member.is_staff], [resource.pk for resource in resources]
    views.add(how_many, *keys, random=people.faker(seed).random, progress=progress)


def _backdate(members):
    """Known since they joined; the column fills itself with today."""
    for member in members:
        member.subject.created_at = member.date_joined
    Subject.objects.bulk_update([member.subject for member in members], ["created_at"], batch_size=200)


def _write_grant(member, partner, times):
    permissions.give(
        member, partner, partner.attributes, text_version=TEXT_VERSION, language=member.language, method=ConsentEvent.Method.DEMO
    )
    for _release in range(times):
        releases.release(partner, member)


def _write_ban():
    bans.ban(
        "verkoper@reclame.example",
        breach="Stuurde reclame naar honderden leden.",
        notices="Kreeg drie waarschuwingen in twee maanden.",
        actor_ref="demo",
    )


def _appoint_officer():
    """As a host does it (docs/settings.md): a group with the permission that opens the desk."""
    group, _is_new = Group.objects.get_or_create(name="DPO")
    group.permissions.add(Permission.objects.get(content_type__app_label="privacy", codename="view_datasubjectrequest"))
    Member.objects.get(email=people.address_of(*people.OFFICER)).groups.add(group)


def seed(*, members: int, views_wanted: int | None, seed: int, bar) -> bool:
    """False where the platform stood already: only missing views are added. `bar(rows)` is a context that gives a function of rows done."""
    if is_seeded():
        missing = (views_wanted or 0) - views_there()
        if missing > 0:
            with bar(missing) as progress:
                add_views(missing, seed=seed, progress=progress)
        return False
    refuse_beside_others()
    views_wanted = members * VIEWS_EACH if views_wanted is None else views_wanted
    platform = imagine(members, seed=seed, taken=EmailAddress.objects.values_list("email", flat=True))
    with bar(platform.rows + views_wanted) as progress:
        write(platform, views_wanted=views_wanted, seed=seed, progress=progress)
    return True
