"""Whose rows are measured: a platform with persons of many rows and of few, among others who have as many together."""

from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import Member
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

from . import filling

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
# Rows of each of the others: with five million, a hundred thousand members. Who warms up has hardly more.
ROWS_EACH = 40
WARM_UP_ROWS = 50
# In one of so many messages the other end is a former member: it goes when she goes.
ALONE_IN_ONE_OF = 20
TEXT = "'Dag collega, de oefening over breuken werkt \"echt\" goed in mijn klas: één leerling riep zelfs dat het te makkelijk was. '"
TOWN = "'9000 Gent'"

# Keys are made from numbers: no row has to look up another one. Resources are numbered from 1, people from 0. A % is written twice.
SUBJECT, MEMBER, EMAIL = "md5('subject ' || {})::uuid", "md5('member ' || {})::uuid", "'lid' || {} || '@school.example'"
RESOURCE = "{} * 2654435761 %% 4503599627370496"
ANY_RESOURCE = RESOURCE.format("(1 + floor(random() * {resources})::bigint)")
# Another one for each of a person's rows.
NEXT_RESOURCE = RESOURCE.format("(1 + (nth::bigint * 7919 + i) %% {resources})")
MOMENT = "timestamptz '2023-01-01 00:00+00' + random() * interval '900 days'"
NETWORK_ADDRESS = "('192.0.2.' || floor(random() * 256)::int)::inet"
OWNER = MEMBER.format("nth")

# A row of `owners` is row `i` of the person with number `nth`; they come mixed as time would have mixed them.
OWNERS = """(
    SELECT nth, i FROM generate_series(0, {members} - 1) nth,
        generate_series(1, coalesce((ARRAY[{counts}]::int[])[nth + 1], {each})) i ORDER BY random()
) owners"""
FOLDERS = f"JOIN (SELECT member_id, array_agg(id) AS ids FROM usage_folder GROUP BY 1) folders ON member_id = {OWNER}"
# The other end is one of the second half, whose rows nobody measures, or nobody.
LETTERS = f"""(
    SELECT nth, random() < 0.5 AS is_sender, {MOMENT} AS sent_at,
        CASE WHEN random() * {{alone}} >= 1 THEN {{members}} - 1 - floor(random() * ({{members}} / 2))::int END AS other
    FROM {OWNERS} OFFSET 0
) letters"""
END = f"CASE WHEN {{}} THEN {OWNER} ELSE {MEMBER.format('other')} END"

# Kind -> table, columns, and where they come from; in this order, since favourites lie in folders.
KINDS = {
    "views": (ResourceView, {"member_id": OWNER, "resource_id": ANY_RESOURCE, "viewed_at": MOMENT, "ip_address": NETWORK_ADDRESS}, OWNERS),
    "downloads": (Download, {"member_id": OWNER, "resource_id": ANY_RESOURCE, "downloaded_at": MOMENT}, OWNERS),
    "searches": (Search, {"member_id": OWNER, "words": "'breuken vergelijken'", "searched_at": MOMENT}, OWNERS),
    "sign_ins": (
        SignIn,
        {"member_id": OWNER, "way": f"'{SignIn.Way.PASSWORD.value}'", "signed_in_at": MOMENT, "ip_address": NETWORK_ADDRESS},
        OWNERS,
    ),
    "scores": (
        Score,
        {"member_id": OWNER, "resource_id": NEXT_RESOURCE, "value": "1 + floor(random() * 5)", "given_at": MOMENT},
        OWNERS,
    ),
    "folders": (Folder, {"member_id": OWNER, "name": "'Voor maandag'"}, OWNERS),
    "favourites": (
        Favourite,
        {
            "folder_id": "ids[1 + floor(random() * cardinality(ids))::int]",
            "resource_id": NEXT_RESOURCE,
            "note": "'voor de tweede graad'",
            "added_at": MOMENT,
        },
        f"{OWNERS} {FOLDERS}",
    ),
    "messages": (
        Message,
        {
            "sender_id": END.format("is_sender"),
            "recipient_id": END.format("NOT is_sender"),
            "conversation": "md5(least(nth, other) || ' with ' || greatest(nth, other))::uuid",
            "text": TEXT,
            "sent_at": "sent_at",
            "read_at": "sent_at + interval '1 hour'",
        },
        LETTERS,
    ),
    "comments": (
        Comment,
        {"author_id": OWNER, "shown_name": "'Lid'", "resource_id": ANY_RESOURCE, "text": TEXT, "published_at": MOMENT},
        OWNERS,
    ),
    "publications": (
        Publication,
        {
            "author_id": OWNER,
            "shown_name": "'Lid'",
            "resource_id": RESOURCE.format("row_number() OVER ()"),
            "description": TEXT,
            "town": TOWN,
            "published_at": MOMENT,
        },
        OWNERS,
    ),
    "follows": (
        Follow,
        {"follower_id": OWNER, "followed_id": MEMBER.format("(nth + {members} / 2 + i) %% {members}"), "since": MOMENT},
        OWNERS,
    ),
    "feedback": (Feedback, {"email": EMAIL.format("nth"), "text": TEXT, "sent_at": MOMENT}, OWNERS),
}


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
    """How many rows of each kind make so many together; one follows members of the other half, each once."""
    counts = {kind: max(round(rows * share), 1) for kind, share in SHARES.items()}
    counts["follows"] = min(counts["follows"], (members - 1) // 2)
    return {"views": rows - sum(counts.values()), **counts}


def fill(sizes: list[int], *, others: int) -> list[Person]:
    """One person per size, and others with so many rows together."""
    members = len(sizes) + others // ROWS_EACH
    spreads, each = [spread(rows, members=members) for rows in sizes], spread(ROWS_EACH, members=members)
    published = sum(counts["publications"] for counts in spreads) + members * each["publications"]
    resources = max(published, max(sizes) // 5, 300)
    filling.prepare()
    _welcome(members, resources)
    for kind, (model, values, source) in KINDS.items():
        facts = {
            "members": members,
            "resources": resources,
            "alone": ALONE_IN_ONE_OF,
            "counts": ", ".join(str(counts[kind]) for counts in spreads),
            "each": each[kind],
        }
        filling.insert(model, {column: value.format(**facts) for column, value in values.items()}, source.format(**facts))
    filling.settle()
    return [person(nth, rows) for nth, rows in enumerate(sizes)]


def _welcome(members, resources):
    everybody = f"generate_series(0, {members - 1}) nth"
    filling.insert(Subject, {"ref": SUBJECT.format("nth"), "kind": "'member'"}, everybody)
    profile = {"first_name": "'Lid'", "last_name": "'Nummer ' || nth", "town": TOWN, "about_me": TEXT, "email": EMAIL.format("nth")}
    filling.insert(Member, {"id": OWNER, "subject_id": SUBJECT.format("nth"), **profile}, everybody)
    filling.insert(EmailAddress, {"user_id": OWNER, "email": EMAIL.format("nth"), "verified": "true", "primary": "true"}, everybody)
    titled = {"id": RESOURCE.format("nth::bigint"), "title": "'Les ' || nth", "subject_taught": "'wiskunde'"}
    filling.insert(Resource, titled, f"generate_series(1, {resources}) nth")


def person(nth: int, rows: int) -> Person:
    """By number: first those of the sizes that were asked for, then the others."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {MEMBER}, {SUBJECT}".replace("{}", str(nth)))
        return Person(*cursor.fetchone(), rows)
