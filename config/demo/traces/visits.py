"""Tables that grow with every visit: views, downloads, searches and sign-ins, in the order in which they happened."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate

from django.utils import timezone

from usage.models import Download, ResourceView, Search, SignIn

from .. import loading, words
from . import moments

# Per member.
DOWNLOADS, SEARCHES, SIGN_INS = 6, 10, 12
# Addresses are emptied after this long (usage/personal_data.py).
DAYS_WITH_ADDRESS = 90
# The three networks kept for documentation (RFC 5737).
ADDRESSES = [f"{net}.{host}" for net in ("192.0.2", "198.51.100", "203.0.113") for host in range(1, 255)]
# How often of a hundred.
WAYS = {SignIn.Way.PASSWORD: 60, SignIn.Way.CODE: 15, SignIn.Way.PASSKEY: 12, SignIn.Way.PROVIDER: 11, SignIn.Way.OTHER: 2}
# Choices made at once: far faster than one by one.
AT_ONCE = 1_000


def write(teachers, resources, *, random, progress) -> None:
    """All but views."""
    who, what, many = [teacher.pk for teacher in teachers], _most_of_the_first(resources, random), len(teachers)
    downloads = _visits(many * DOWNLOADS, who, random, what)
    loading.load(Download, ["member", "resource", "downloaded_at"], downloads, progress=progress)
    searches = _visits(many * SEARCHES, who, random, _most_of_the_first(_looked_for(random), random))
    loading.load(Search, ["member", "words", "searched_at"], searches, progress=progress)
    sign_ins = _with_address(_visits(many * SIGN_INS, who, random, _drawn(list(WAYS), list(WAYS.values()), random)), random)
    loading.load(SignIn, ["member", "way", "signed_in_at", "ip_address"], sign_ins, progress=progress)


def view(how_many, members, resources, *, random, progress) -> None:
    """`members` and `resources` are keys; the earlier a resource stands in the list, the more often it is opened."""
    rows = _with_address(_visits(how_many, members, random, _most_of_the_first(resources, random)), random)
    loading.load(ResourceView, ["member", "resource", "viewed_at", "ip_address"], rows, progress=progress)


def _visits(how_many, members, random, what) -> Iterator[tuple]:
    """Who, what and when; some members come more often than others."""
    who = _drawn(members, [random.uniform(0.3, 3) for _member in members], random)
    return zip(who, what, moments.one_after_the_other(how_many, random), strict=False)


def _with_address(visits, random) -> Iterator[tuple]:
    since = timezone.now() - timedelta(days=DAYS_WITH_ADDRESS)
    return ((who, what, moment, random.choice(ADDRESSES) if moment > since else None) for who, what, moment in visits)


def _most_of_the_first(things, random) -> Iterator:
    return _drawn(things, [1 / rank for rank in range(3, len(things) + 3)], random)


def _drawn(things, weights, random) -> Iterator:
    """Without end, some more often than others."""
    sums = list(accumulate(weights))
    while True:
        yield from random.choices(things, cum_weights=sums, k=AT_ONCE)


def _looked_for(random) -> list[str]:
    """Words of every topic, alone and with what kind of material it should be; in lower case, as they are looked up."""
    key_words = [word for topic in words.TOPICS for word in topic.key_words]
    found = {word.lower() for word in key_words} | {f"{random.choice(words.KINDS).word} {word}".lower() for word in key_words}
    return random.sample(sorted(found), len(found))
