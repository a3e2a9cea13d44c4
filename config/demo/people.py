"""Who takes part: invented teachers, the same ones for the same seed, and a few known accounts to sign in with."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify
from faker import Faker

from accounts.models import Member

from . import words

# Nobody can receive mail here (RFC 2606).
DOMAIN = "school.example"
# One password for every account of the demonstration.
PASSWORD = "inzage-demo-1"  # noqa: S105 - printed by the demonstration, and of use nowhere else

FEMALE, MALE = Member.Gender.FEMALE, Member.Gender.MALE
# First name, last name, gender, whether they work for the platform; what they are for.
CAST = {
    ("An", "Peeters", FEMALE, False): "teacher",
    ("Bo", "Janssens", MALE, False): "teacher",
    ("Daan", "Wouters", MALE, True): "data protection officer",
    ("Carla", "Maes", FEMALE, True): "custodian of the banned list",
}
# Who sees the desk.
OFFICER = ("Daan", "Wouters")
# Who reads the list of banned addresses.
CUSTODIAN = ("Carla", "Maes")


class Teacher(NamedTuple):
    """What is remembered of a member while her traces are written: there may be very many."""

    pk: UUID
    subject: UUID
    email: str
    first_name: str
    name: str
    town: str

    @classmethod
    def of(cls, member):
        return cls(member.pk, member.subject_id, member.email, member.first_name, str(member), member.town)


def faker(seed) -> Faker:
    """Flemish names, in the order that this seed gives."""
    fake = Faker("nl_BE")
    fake.seed_instance(seed)
    return fake


def address_of(first_name, last_name, number=0) -> str:
    return f"{slugify(first_name)}.{slugify(last_name)}{number or ''}@{DOMAIN}"


def cast_addresses() -> list[str]:
    return [address_of(first_name, last_name) for first_name, last_name, _gender, _is_staff in CAST]


def members(how_many: int, *, seed: int, password: str, taken=()) -> Iterator[Member]:
    """Unsaved, the cast first. `password` is the hash they share, `taken` are addresses that others have."""
    fake, free = faker(seed), _FreeAddresses(taken)
    return (_member(fake, who, free, password) for who in _names(fake, how_many))


def _names(fake, how_many):
    yield from list(CAST)[:how_many]
    for _number in range(how_many - len(CAST)):
        gender = FEMALE if fake.random.random() < 0.7 else MALE
        first_name = fake.first_name_female() if gender == FEMALE else fake.first_name_male()
        yield first_name, fake.last_name(), gender, False


def _member(fake, who, free, password):
    first_name, last_name, gender, is_staff = who
    email = free.address(first_name, last_name)
    handle = email.partition("@")[0]
    pick = fake.random.choice
    return Member(
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        gender=gender,
        is_staff=is_staff,
        town=pick(words.TOWNS),
        birth_date=date(1960, 1, 1) + timedelta(days=fake.random.randrange(40 * 365)),
        occupation=_occupation(fake.random),
        about_me=pick(words.ABOUT_ME),
        website=f"https://{handle}.example/" if fake.random.random() < 0.3 else "",
        social_networks=f"https://sociaal.example/@{handle}" if fake.random.random() < 0.4 else "",
        date_joined=_joined(fake),
    )


def _occupation(random):
    """A subject, a level at which it is taught, and for most the school."""
    topic = random.choice(words.TOPICS)
    role = random.choice(words.ROLES).format(topic.subject, words.LEVELS[topic.level])
    school = words.SCHOOLS[topic.level].format(random.choice(words.SCHOOL_NAMES))
    return f"{role}, {school}" if random.random() < 0.7 else role


class _FreeAddresses:
    """Namesakes get a number behind their name."""

    def __init__(self, taken):
        self.taken, self.namesakes = set(taken), Counter()

    def address(self, first_name, last_name) -> str:
        name = address_of(first_name, last_name)
        while (email := address_of(first_name, last_name, self.namesakes[name])) in self.taken:
            self.namesakes[name] += 1
        self.taken.add(email)
        return email


def _joined(fake):
    """Between eight and one years ago, so that all their traces are younger."""
    now = timezone.now().astimezone(UTC)
    return datetime(
        now.year - fake.random.randint(1, 8), fake.random.randint(1, 12), fake.random.randint(1, 28), 9, tzinfo=UTC
    ) - timedelta(365)
