"""A platform on which teachers come in sessions: what one of them does in an hour lies close together, as on a real one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4

from accounts.models import Member
from usage.models import Comment, Favourite, Folder, Message, Publication, Resource, Score

BEGIN = datetime(2021, 9, 1, tzinfo=UTC)
YEARS = 3
MATERIAL = 400
TOWNS = [f"{code} Gemeente" for code in range(1000, 9999, 450)]


@dataclass
class Platform:
    """`owners`: table -> what is left to know a row by -> the number of its person. Those below `leaving` will be erased."""

    leaving: int
    staying: int
    random: Random
    members: list = field(default_factory=list)
    owners: dict = field(default_factory=dict)
    rows: list = field(default_factory=list)

    def write(self):
        """Everything in the order in which it happened."""
        people = [Member(email=f"lid{n}@school.example", first_name=f"Lid{n}") for n in range(self.leaving + self.staying)]
        for person in people:
            person.save()
        self.members = people
        material = Resource.objects.bulk_create(Resource(title=f"Les {n}", subject_taught="wiskunde") for n in range(MATERIAL))
        for number, member in enumerate(people):
            self._live(number, member, material)
        self.rows.sort(key=lambda row: row[0])
        self._insert()
        return self

    def _insert(self):
        made = [row for _moment, row in self.rows]
        Resource.objects.bulk_create(row.resource for row in made if isinstance(row, Publication))
        for row in made:
            if isinstance(row, Publication):
                row.resource_id = row.resource.pk
        for model in (Score, Favourite, Comment, Publication, Message):
            model._base_manager.bulk_create((row for row in made if type(row) is model), batch_size=500)

    def _live(self, number, member, material):
        """She joins, comes a dozen times in a year and a half, and stops coming."""
        folders = Folder.objects.bulk_create(Folder(member=member, name=f"Map {n}") for n in range(2))
        joined = BEGIN + timedelta(days=self.random.uniform(0, 365 * (YEARS - 1.5)))
        unseen = self.random.sample(material, 120)
        town, partners = self.random.choice(TOWNS), self._partners(number)
        for _session in range(12):
            moment = joined + timedelta(days=self.random.uniform(0, 540))
            for act in (self._score, self._keep, self._score, self._comment, self._score, self._keep, self._comment):
                moment += timedelta(seconds=self.random.uniform(20, 300))
                act(number, member, unseen.pop(), folders, moment)
            for _piece in range(self.random.choice([0, 1, 2])):
                moment += timedelta(seconds=self.random.uniform(60, 600))
                self._publish(number, member, town, moment)
            for _talk in range(self.random.choice([0, 1, 2])):
                moment += timedelta(seconds=self.random.uniform(60, 600))
                self._write(number, member, partners.pop(), moment)

    def _partners(self, number):
        """Those who stay, so that a conversation stays."""
        others = [n for n in range(self.leaving, self.leaving + self.staying) if n != number]
        return [self.members[n] for n in self.random.sample(others, min(len(others), 24))]

    def _add(self, number, moment, row, key=None):
        self.rows.append((moment, row))
        self.owners.setdefault(type(row), {})[key or row.pk] = number

    def _score(self, number, member, resource, folders, moment):
        self._add(number, moment, Score(member=member, resource=resource, value=self.random.randint(1, 5), given_at=moment))

    def _keep(self, number, member, resource, folders, moment):
        folder = self.random.choice(folders)
        self._add(number, moment, Favourite(folder=folder, resource=resource, note=f"in {folder.pk}", added_at=moment))

    def _comment(self, number, member, resource, folders, moment):
        signed = {"author": member, "shown_name": member.first_name}
        self._add(number, moment, Comment(**signed, resource=resource, text="Bruikbaar.", published_at=moment))

    def _publish(self, number, member, town, moment):
        resource = Resource(title="Nieuw", subject_taught="wiskunde")
        words = {"author": member, "shown_name": member.first_name, "description": "Een les.", "town": town}
        self._add(number, moment, Publication(resource=resource, **words, published_at=moment))

    def _write(self, number, member, other, moment):
        """A question, and what follows in the days after."""
        conversation, ends = uuid4(), (member, other)
        for turn in range(self.random.choice([2, 3, 4])):
            sender, recipient = ends if turn % 2 == 0 else ends[::-1]
            self._add(
                number,
                moment,
                Message(sender=sender, recipient=recipient, conversation=conversation, text="Dag", sent_at=moment),
                conversation,
            )
            moment += timedelta(days=self.random.lognormvariate(0, 1))
