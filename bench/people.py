"""Whose rows are measured: a platform with one person of many rows, one of few, and others with as many again; loaded by COPY."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import Member
from config.demo import loading
from privacy.models import Subject
from usage.models import (
    Comment,
    Download,
    Favourite,
    Feedback,
    Folder,
    Follow,
    Message,
    Publication,
    Resource,
    ResourceView,
    Score,
    Search,
    SignIn,
)

# How a person's rows are spread, one of each at least; views take the rest.
SHARES = {
    "scores": 0.11,
    "favourites": 0.1,
    "messages": 0.09,
    "comments": 0.06,
    "searches": 0.05,
    "sign_ins": 0.05,
    "downloads": 0.03,
    "publications": 0.01,
    "folders": 0.01,
    "follows": 0.005,
    "feedback": 0.0001,
}
# Rows of each of the others; who warms up has as few.
ROWS_EACH = 100
WARM_UP_ROWS = 50
BEGIN, DAYS = datetime(2023, 1, 1, tzinfo=UTC), 900
TOWN = "9000 Gent"
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


def spread(rows: int, *, members: int) -> dict[str, int]:
    """How many rows of each kind make so many together; nobody follows herself, nor anybody twice."""
    counts = {kind: max(round(rows * share), 1) for kind, share in SHARES.items()}
    counts["follows"] = min(counts["follows"], members - 1)
    return {"views": rows - sum(counts.values()), **counts}


def fill(sizes: list[int], *, others: int) -> list[Person]:
    """One person per size, and others with so many rows together."""
    dice = random.Random(1)
    members = _welcome(len(sizes) + others // ROWS_EACH)
    wanted = dict(zip(members, [*sizes, *[ROWS_EACH] * (others // ROWS_EACH)], strict=True))
    _load(Resource, "title subject_taught", ((f"Les {n}", "wiskunde") for n in range(max(300, *wanted.values()) // 5)))
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
    return Member(subject=subject, email=email, first_name="Lid", last_name=f"Nummer {number}", town=TOWN, about_me=TEXT)


class _Rows:
    """The rows of all members, mixed as time would have mixed them."""

    def __init__(self, wanted, resources, dice):
        self.spread = {member.pk: spread(rows, members=len(wanted)) for member, rows in wanted.items()}
        self.members, self.resources, self.dice = list(self.spread), resources, dice
        self.address = {member.pk: member.email for member in wanted}
        self.place = {member: number for number, member in enumerate(self.members)}
        self.nth = Counter()
        self.unpublished = iter(resources)
        self.conversations = defaultdict(uuid4)

    def copy(self):
        self._load("views", ResourceView, "member resource viewed_at ip_address", self._view)
        self._load("downloads", Download, "member resource downloaded_at", self._visit)
        self._load("searches", Search, "member words searched_at", self._search)
        self._load("sign_ins", SignIn, "member way signed_in_at ip_address", self._sign_in)
        self._load("scores", Score, "member resource value given_at", self._score)
        self._load("folders", Folder, "member name", lambda owner: (owner, "Voor maandag"))
        self.folders = _folders()
        self._load("favourites", Favourite, "folder resource note added_at", self._favourite)
        self._load("messages", Message, "sender recipient conversation text sent_at read_at", self._message)
        self._load("comments", Comment, "author shown_name resource text published_at", self._comment)
        self._load("publications", Publication, "author shown_name resource description town published_at", self._publication)
        self._load("follows", Follow, "follower followed since", self._follow)
        self._load("feedback", Feedback, "email text sent_at", self._feedback)

    def _load(self, kind, model, names, row):
        _load(model, names, map(row, self._owners(kind)))

    def _owners(self, kind) -> list:
        owners = [member for member, counts in self.spread.items() for _n in range(counts[kind])]
        self.dice.shuffle(owners)
        return owners

    def _view(self, owner):
        return *self._visit(owner), self._network_address()

    def _visit(self, owner):
        return owner, self._resource(), self._moment()

    def _search(self, owner):
        return owner, "breuken vergelijken", self._moment()

    def _sign_in(self, owner):
        return owner, SignIn.Way.PASSWORD, self._moment(), self._network_address()

    def _score(self, owner):
        """A member scores a resource once."""
        return owner, self._next_resource("scores", owner), self.dice.randint(1, 5), self._moment()

    def _favourite(self, owner):
        """A folder holds a resource once."""
        return self.dice.choice(self.folders[owner]), self._next_resource("favourites", owner), "voor de tweede graad", self._moment()

    def _message(self, owner):
        other = None if self.dice.randrange(ALONE_IN_ONE_OF) == 0 else self.dice.choice(self.members[-len(self.members) // 2 :])
        ends = (owner, other) if self.dice.randrange(2) else (other, owner)
        sent_at = self._moment()
        return *ends, self.conversations[frozenset(ends)], TEXT, sent_at, sent_at + timedelta(hours=1)

    def _comment(self, owner):
        return owner, "Lid", self._resource(), TEXT, self._moment()

    def _publication(self, owner):
        """A resource is published once."""
        return owner, "Lid", next(self.unpublished), TEXT, TOWN, self._moment()

    def _follow(self, owner):
        self.nth["follows", owner] += 1
        return owner, self.members[(self.place[owner] + self.nth["follows", owner]) % len(self.members)], self._moment()

    def _feedback(self, owner):
        return self.address[owner], TEXT, self._moment()

    def _network_address(self):
        return f"192.0.2.{self.dice.randrange(256)}"

    def _next_resource(self, kind, owner):
        self.nth[kind, owner] += 1
        return self.resources[self.nth[kind, owner]]

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


def _load(model, names, rows):
    loading.load(model, names.split(), rows, progress=lambda _rows: None)


def _vacuum():
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
