"""python -m bench.ending: the end of a partner that many members allowed, beside hand-written SQL, and beside visitors of the site."""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg

from . import beside, document, results, server

FILE, SQL = Path(__file__).parent / "ending.json", Path(__file__).parent / "ending.sql"
# Times what the hand-written statements take, and times the p95 of the quiet site.
GOAL = 1.5
# One in so many is signed in at the partner at that moment.
SIGNED_IN_ONE_OF = 20
BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
# What a process of its own does: the worker's part.
WORKER = """
import django, json, time
django.setup()
from consents import ending
begin = time.perf_counter()
ending.carry_on(ending.PartnerEnding.objects.get())
print(json.dumps({"seconds": time.perf_counter() - begin}))
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.ending", description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000, help="who allowed the partner (1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts (3)")
    chosen = parser.parse_args()
    return server.run(lambda address: _measure(chosen, address))


def _measure(chosen, address):
    from django.core.management import call_command

    from .copies import Copies

    call_command("migrate", verbosity=0)
    _fill(chosen.members)
    copies, many = Copies(address), chosen.members
    rounds = [_one_round(copies, many) for _nth in range(chosen.rounds)]
    ours, limit = ([each[way] for each in rounds] for way in (0, 1))
    measured = [results.result(f"end of a partner of {many} members", many, ours, limit, goal=GOAL)]
    measured.append(_beside_visitors(copies, many))
    results.write(measured, FILE)
    document.write()
    print(results.table(measured))


def _fill(members: int) -> None:
    """By COPY: persons, members, permissions, what they agreed to, and the tokens of some."""
    from oauth2_provider.models import AccessToken

    from accounts.models import Member
    from config.demo import loading
    from consents.models import ConsentEvent, PartnerApplication, PartnerGrant
    from privacy.models import Subject
    from tests import makers

    partner = makers.make_partner("quizkast")
    program = PartnerApplication.objects.create(partner=partner, redirect_uris="https://quizkast.example/back")
    people = [(uuid4(), uuid4()) for _nth in range(members)]
    rows = {
        (Subject, "ref kind created_at"): ((subject, "member", BEGIN) for subject, _member in people),
        (Member, "id subject email"): ((member, subject, f"{member}@school.example") for subject, member in people),
        (PartnerGrant, "member partner attributes granted_at"): ((member, partner.pk, ["email"], BEGIN) for _subject, member in people),
        (ConsentEvent, "subject_ref partner kind attributes text_version language method at"): (
            (subject, partner.pk, "given", ["email"], "2026-11", "nl", "page", BEGIN) for subject, _member in people
        ),
        (AccessToken, "user application token expires scope token_checksum created updated"): (
            (member, program.pk, "", BEGIN, "openid", member.hex * 2, BEGIN, BEGIN) for _subject, member in people[::SIGNED_IN_ONE_OF]
        ),
    }
    for (model, names), of in rows.items():
        loading.load(model, names.split(), of, progress=lambda _rows: None)
    loading.survey()


def _one_round(copies, members) -> tuple[float, float]:
    """Both from the same beginning; ours is what the worker does once the partner is cut off."""
    with copies.one():
        _begin()
        ours = _timed_ending(members)
    with copies.one() as address:
        limit = _by_hand(address, members)
    return ours, limit


def _begin():
    from consents.ending import end
    from consents.models import Partner
    from privacy.models import Subject

    end(Partner.objects.get(), "Het contract loopt af.", by=Subject.objects.first())


def _timed_ending(members) -> float:
    from consents import ending

    from .states import Differs

    begin = time.perf_counter()
    ending.carry_on(ending.PartnerEnding.objects.get())
    seconds = time.perf_counter() - begin
    if ending.PartnerEnding.objects.get().members != members:
        raise Differs("not every permission was closed")
    return seconds


def _by_hand(address, members) -> float:
    from consents.models import Partner

    partner = Partner.objects.get()
    keys = {"partner": partner.pk, "recipient": partner.recipient_id}
    begin = time.perf_counter()
    with psycopg.connect(address) as by_hand:
        for statement in SQL.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                by_hand.execute(statement, keys)
    return time.perf_counter() - begin


def _beside_visitors(copies, members):
    """The worker in a process of its own, at the pace of production."""
    with copies.one() as copy, beside._site(copy) as port:
        quiet = beside.p95(beside._come(port, while_true=lambda: True, seconds=beside.QUIET_SECONDS))
        _begin()
        environment = os.environ | {"DATABASE_URL": copy, "INZAGE_ERASURE_PACE": "gentle"}
        worker = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE)
        busy = beside.p95(beside._come(port, while_true=lambda: worker.poll() is None))
        said, _errors = worker.communicate()
        json.loads(said)
    return results.result(f"p95 beside the end of a partner of {members} members", members, [busy], [quiet], goal=beside.GOAL)


if __name__ == "__main__":
    sys.exit(main())
