"""manage.py seed_demo: fill an empty database with an invented Flemish education platform."""

import argparse
import sys
from contextlib import contextmanager

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from accounts.models import Member
from config.demo import people, seed, size
from usage.models import Resource

AT_LEAST, MEMBERS = len(people.CAST), 200


def members(text: str) -> int:
    if int(text) < AT_LEAST:
        raise argparse.ArgumentTypeError(f"at least {AT_LEAST}: the accounts to sign in with are among them")
    return int(text)


def views(text: str) -> int:
    if int(text) < 0:
        raise argparse.ArgumentTypeError("0 or more")
    return int(text)


def steps(text: str) -> int:
    if int(text) < 1:
        raise argparse.ArgumentTypeError("1 or more")
    return int(text)


class Command(BaseCommand):
    help = (
        "Fill an empty database with an invented education platform: members with profiles, what they published, opened, searched, "
        "kept, scored and wrote, partners with permissions, one banned address. The same seed gives the same people. "
        "Run twice it adds nothing, but for missing views. Refuses beside members it did not make, unless INZAGE_DEMO=1."
    )

    def add_arguments(self, parser):
        parser.add_argument("--members", type=members, metavar="N", help=f"how many members ({MEMBERS})")
        parser.add_argument("--views", type=views, metavar="N", help=f"how many views of resources in all ({size.VIEWS_EACH} per member)")
        step = f"{size.ROWS_PER_STEP:,}".replace(",", " ")
        parser.add_argument("--scale", type=steps, metavar="N", help=f"instead of both: N times {step} rows in all")
        parser.add_argument("--seed", type=int, default=1, metavar="N", help="another number gives other people (1)")

    def handle(self, *args, **options):
        wanted = wanted_size(options["members"], options["views"], options["scale"])
        try:
            is_new = seed.seed(wanted, seed=options["seed"], bar=progress_bar)
            if not is_new:
                seed.add_missing_views(options["views"] or 0, seed=options["seed"], bar=progress_bar)
        except seed.NotOurs:
            raise CommandError(
                "this database has members that the demonstration did not make; INZAGE_DEMO=1 seeds beside them", returncode=1
            ) from None
        self.stdout.write(f"{'seeded' if is_new else 'seeded already'}: {what_is_there()}")
        if is_new:
            self.stdout.write(f"every account signs in with the password {people.PASSWORD}, {people.cast_addresses()[0]} for one")


def wanted_size(members, views, scale) -> size.Size:
    if scale is None:
        return size.of(members or MEMBERS, views)
    if members is not None or views is not None:
        raise CommandError("--scale says how many members and views there are; give either --scale, or --members and --views", returncode=2)
    return size.scaled(scale)


def what_is_there() -> str:
    counts = {"members": Member.objects.count(), "resources": Resource.objects.count(), "views": seed.views_there()}
    return ", ".join(f"{number:,} {what}".replace(",", " ") for what, number in counts.items())


@contextmanager
def progress_bar(total):
    """A bar on a terminal, silence in a pipe; yields a function of rows done."""
    with tqdm(total=total, desc="seed", unit="row", unit_scale=True, file=sys.stderr, disable=None, leave=False) as bar:
        yield bar.update
