"""Names, places and sentences of nobody, from Faker; the same ones in each run."""

from functools import cache

# Of each kind; two names together make a quarter of a million people.
HOW_MANY = 500
SENTENCES = 400


@cache
def _faker():
    """Imported when it is needed, which on a real site is never."""
    from faker import Faker

    fake = Faker("nl_BE")
    fake.seed_instance(1)
    return fake


@cache
def pool_of(kind: str) -> list[str]:
    """Of "first_name", "last_name", "town", "job"; a town as its postal code and name."""
    fake = _faker()
    make = (lambda: f"{fake.postcode()} {fake.city()}") if kind == "town" else getattr(fake, kind)
    return sorted(make() for _n in range(HOW_MANY))


@cache
def sentences() -> list[str]:
    """Dutch words in no order that means anything."""
    return [_faker().sentence(9) for _n in range(SENTENCES)]
