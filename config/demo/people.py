"""Who takes part: invented teachers, the same ones for the same seed, and a few known accounts to sign in with."""

from datetime import UTC, date, datetime, timedelta

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


def faker(seed) -> Faker:
    """Flemish names, in the order that this seed gives."""
    fake = Faker("nl_BE")
    fake.seed_instance(seed)
    return fake


def address_of(first_name, last_name, number=0) -> str:
    return f"{slugify(first_name)}.{slugify(last_name)}{number or ''}@{DOMAIN}"


def cast_addresses() -> list[str]:
    return [address_of(first_name, last_name) for first_name, last_name, _gender, _is_staff in CAST]


def members(how_many: int, *, seed: int, password: str, taken=()) -> list[Member]:
    """Unsaved members, the cast first. `password` is the hash they share, `taken` are addresses that others have."""
    fake, taken = faker(seed), set(taken)
    return [_member(fake, who, taken, password) for who in _names(fake, how_many)]


def _names(fake, how_many):
    yield from list(CAST)[:how_many]
    for _number in range(how_many - len(CAST)):
        gender = FEMALE if fake.random.random() < 0.7 else MALE
        first_name = fake.first_name_female() if gender == FEMALE else fake.first_name_male()
        yield first_name, fake.last_name(), gender, False


def _member(fake, who, taken, password):
    first_name, last_name, gender, is_staff = who
    email = _free_address(first_name, last_name, taken)
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
        occupation=pick(words.ROLES).format(pick(list(words.TOPICS)), pick(words.LEVELS)),
        about_me=pick(words.ABOUT_ME),
        website=f"https://{handle}.example/" if fake.random.random() < 0.3 else "",
        social_networks=f"https://sociaal.example/@{handle}" if fake.random.random() < 0.4 else "",
        date_joined=_joined(fake),
    )


def _free_address(first_name, last_name, taken):
    number = 0
    while (email := address_of(first_name, last_name, number)) in taken:
        number += 1
    taken.add(email)
    return email


def _joined(fake):
    """Between eight and one years ago, so that all their traces are younger."""
    now = timezone.now().astimezone(UTC)
    return datetime(
        now.year - fake.random.randint(1, 8), fake.random.randint(1, 12), fake.random.randint(1, 28), 9, tzinfo=UTC
    ) - timedelta(365)
