"""Whose rows are measured: a platform with one person of many rows, one of few, and others with as many again; loaded by COPY."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import Member
from privacy.models import Subject
from usage.models import Resource

# How a person's rows are spread; views take the rest.
SHARES = {"scores": 0.15, "favourites": 0.14, "messages": 0.12, "comments": 0.08, "folders": 0.01}
# Rows of each of the others; who warms up has as few.
ROWS_EACH = 100
WARM_UP_ROWS = 50
BEGIN, DAYS = datetime(2023, 1, 1, tzinfo=UTC), 900
# In one of so many messages the other end is a former member: it goes when she goes.
ALONE_IN_ONE_OF = 20
TEXT = 'Dag collega, de oefening over breuken werkt "echt" goed in mijn klas: één leerling riep zelfs dat het te makkelijk was. '


@dataclass(frozen=True)
class Person:
    """Whom a measurement is about; the others stay."""

    member: UUID
    subject: UUID
    rows: int

    @property
    def keys(self) -> dict:
        return {"member": self.member, "subject": self.subject}


def spread(rows: int) -> dict[str, int]:
    """How many rows of each kind make so many together."""
    counts = {kind: round(rows * share) for kind, share in SHARES.items()}
    counts["folders"] = max(counts["folders"], 1)
    return {"views": rows - sum(counts.values()), **counts}


def fill(sizes: list[int], *, others: int) -> list[Person]:
    """One person per size, and others with so many rows together."""
    dice = random.Random(1)
    members = _welcome(len(sizes) + others // ROWS_EACH)
    wanted = dict(zip(members, [*sizes, *[ROWS_EACH] * (others // ROWS_EACH)], strict=True))
    _copy("usage_resource", "title, subject_taught", ((f"Les {n}", "wiskunde") for n in range(max(300, *wanted.values()) // 5)))
    resources = list(Resource.objects.values_list("pk", flat=True))
    _Rows(wanted, resources, dice).copy()
    _vacuum()
    return [Person(member.pk, member.subject_id, rows) for member, rows in zip(members, sizes, strict=False)]


def _welcome(how_many) -> list[Member]:
    subjects = Subject.objects.bulk_create(Subject(kind="member") for _n in range(how_many))
    members = Member.objects.bulk_create(_member(number, subject) for number, subject in enumerate(subjects))
    EmailAddress.objects.bulk_create(EmailAddress(user=member, email=member.email, verified=True, primary=True) for member in members)
    return members


def _member(number, subject):
    email = f"lid{number}@school.example"
    return Member(subject=subject, email=email, first_name="Lid", last_name=f"Nummer {number}", town="9000 Gent", about_me=TEXT)


class _Rows:
    """The rows of all members, mixed as time would have mixed them."""

    def __init__(self, wanted, resources, dice):
        self.spread = {member.pk: spread(rows) for member, rows in wanted.items()}
        self.members, self.resources, self.dice = list(self.spread), resources, dice
        self.nth = dict.fromkeys(self.members, 0)

    def copy(self):
        _copy("usage_resourceview", "member_id, resource_id, viewed_at, ip_address", map(self._view, self._owners("views")))
        _copy("usage_score", "id, member_id, resource_id, value, given_at", map(self._score, self._owners("scores")))
        _copy("usage_folder", "member_id, name", ((owner, "Voor maandag") for owner in self._owners("folders")))
        self.folders = _folders()
        _copy("usage_favourite", "id, folder_id, resource_id, note, added_at", map(self._favourite, self._owners("favourites")))
        _copy("usage_message", "sender_id, recipient_id, text, sent_at, read_at", map(self._message, self._owners("messages")))
        comments = map(self._comment, self._owners("comments"))
        _copy("usage_comment", "id, author_id, shown_name, resource_id, text, published_at", comments)

    def _owners(self, kind) -> list:
        owners = [member for member, counts in self.spread.items() for _n in range(counts[kind])]
        self.dice.shuffle(owners)
        return owners

    def _view(self, owner):
        return owner, self._resource(), self._moment(), f"192.0.2.{self.dice.randrange(256)}"

    def _score(self, owner):
        """A member scores a resource once."""
        self.nth[owner] += 1
        return uuid4(), owner, self.resources[self.nth[owner]], self.dice.randint(1, 5), self._moment()

    def _favourite(self, owner):
        return uuid4(), self.dice.choice(self.folders[owner]), self._resource(), "voor de tweede graad", self._moment()

    def _message(self, owner):
        other = None if self.dice.randrange(ALONE_IN_ONE_OF) == 0 else self.dice.choice(self.members[-len(self.members) // 2 :])
        ends = (owner, other) if self.dice.randrange(2) else (other, owner)
        sent_at = self._moment()
        return *ends, TEXT, sent_at, sent_at + timedelta(hours=1)

    def _comment(self, owner):
        return uuid4(), owner, "Lid", self._resource(), TEXT, self._moment()

    def _resource(self):
        return self.dice.choice(self.resources)

    def _moment(self):
        return BEGIN + timedelta(days=self.dice.uniform(0, DAYS))


def _folders() -> dict:
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT member_id, id FROM usage_folder")
        for member, folder in cursor:
            found.setdefault(member, []).append(folder)
    return found


def _copy(table, columns, rows: Iterator[tuple]):
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _vacuum():
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
