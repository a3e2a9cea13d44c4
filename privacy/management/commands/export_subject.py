"""manage.py export_subject: one person's archive as a file, by an operator who gives a name and a reason (T-18)."""

import argparse
import errno
import os
import sys
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from ...casework import cases
from ...errors import RequestAlreadyOpen
from ...evidence import trail
from ...files import create, rename
from ...rights import estimate
from ...rights.access import write_archive
from ...rights.portability import Kind, Scope
from ..person import PersonCommand

# What the trail has room for.
WORDS_AT_MOST = 60


def words(text: str) -> str:
    """An argument of 1 to 60 characters on one line."""
    if not 0 < len(text.strip()) <= WORDS_AT_MOST or not text.isprintable():
        raise argparse.ArgumentTypeError(f"give 1 to {WORDS_AT_MOST} characters on one line")
    return text.strip()


class Command(PersonCommand):
    help = "Write one person's archive (docs/archive.md) to a new file that only you can read. It stands in the trail and in her timeline."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--to", metavar="FILE.zip", required=True, type=Path, help="a file that does not exist yet")
        parser.add_argument("--actor", metavar="A", required=True, type=words, help="who makes the copy; kept in the trail")
        parser.add_argument("--reason", metavar="R", required=True, type=words, help="why, in at most 60 characters, no personal data")
        parser.add_argument("--scope", choices=[kind.value for kind in Kind], default=Kind.EVERYTHING.value, help="default: everything")

    def act(self, subject, *, to, scope, actor, reason, **options):
        try:
            manifest, ref = self._export(subject, to, Scope(Kind(scope)), actor, reason)
        except OSError as error:
            raise CommandError(f"cannot write {error.filename or to}: {error.strerror or type(error).__name__}", returncode=1) from None
        self.stdout.write(f"{manifest.rows} rows, {to.stat().st_size} bytes: {to} (request {ref})")

    def _export(self, subject, to, scope, actor, reason):
        """The file has its name only once it is complete and on record; of one that is not, nothing is left."""
        if to.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(to))
        received_at, part = timezone.now(), to.with_name(f"{to.name}.part")
        with create(part) as file, self.progress("export", total(subject, scope)) as progress:
            manifest = write_archive(subject, file, scope=scope, progress=progress)
        try:
            ref = put_on_record(scope, subject, received_at, actor, reason)
            rename(part, to)
        finally:
            part.unlink(missing_ok=True)
        return manifest, ref


def put_on_record(scope, subject, received_at, actor, reason) -> str:
    """A request of its own, answered at once; where she has one open, that stays open and the trail entry names it."""
    with transaction.atomic():
        try:
            how = {"actor_ref": actor, "received_at": received_at, "scope": scope.words}
            ref = cases.handed_over(scope.right, subject=subject, **how).ref
        except RequestAlreadyOpen as refusal:
            ref = refusal.request.ref
        trail.record(f"{scope.right}.exported", subject_ref=subject.ref, actor_ref=actor, request_ref=ref, reason=reason)
    return ref


def total(subject, scope) -> int | None:
    """How many rows to expect; not worth counting where nobody watches."""
    if not sys.stderr.isatty():
        return None
    return estimate.expected_rows(subject, scope)
