"""manage.py export_subject: one person's archive, by an operator who gives a name and a reason (T-18)."""

import errno
import os
import shutil
import signal
import sys
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from ...casework import at_once
from ...datamap import registry
from ...days import ZONE, start_of
from ...errors import RequestAlreadyOpen, UnknownScope
from ...evidence import remarks, trail
from ...files import create, rename
from ...rights import estimate
from ...rights.access import write_archive
from ...rights.portability import Kind, Scope
from ...rights.unpacked import write_folder, write_lines
from ..person import PersonCommand, actor_of, words

ZIP, DIR, JSONL = FORMATS = ("zip", "dir", "jsonl")
STDOUT = Path("-")
# As a shell says it of a program whose reader went away.
BROKEN_PIPE = 128 + signal.SIGPIPE
EPILOG = """\
A date is midnight in Brussels, when that day begins; a moment without a time zone is one in Brussels. --since takes the rows of which
something happened from then on, --until those that were made before. Tables without moments, and the person's own row, come in whole.
Exit codes: 0 written, 1 refused (unknown address, file exists, disk full), 2 wrong usage, 141 the reader of the lines went away.
Example: export_subject an@school.example --actor daan --reason "letter of 3 March" --category usage --since 2026-01-01 --to an.zip"""


class Command(PersonCommand):
    help = (
        "Write one person's archive (docs/archive.md): a zip file, a folder, or lines of JSON that go to a pipe. "
        "Never overwrites, is readable for you alone, and stands in the trail and among the person's requests."
    )

    def create_parser(self, *args, **kwargs):
        return super().create_parser(*args, epilog=EPILOG, **kwargs)

    def add_arguments(self, parser):
        super().add_arguments(parser)
        add = parser.add_argument
        add("--actor", metavar="A", required=True, type=words, help="who makes the copy: an address or words; kept beside the trail")
        add("--reason", metavar="R", required=True, type=words, help="why, in at most 60 characters, no personal data")
        add("--to", metavar="PATH", type=Path, help="a file or folder that does not exist yet; - or nothing: lines go to stdout")
        add("--format", choices=FORMATS, default=ZIP, help="zip (default), dir: the same files in a folder, jsonl: a line per row")
        add("--scope", choices=[kind.value for kind in Kind], default=Kind.EVERYTHING.value, help="default: everything")
        slugs = [activity.slug for activity in registry.activities()]
        add("--category", metavar="SLUG", default="", help=f"one only, of: {', '.join(slugs)}")
        add("--since", metavar="WHEN", default="", help="an ISO date or moment: only what happened from then on")
        add("--until", metavar="WHEN", default="", help="an ISO date or moment: only what was made before")

    def handle(self, *args, **options):
        if options["to"] in {None, STDOUT}:
            options["to"] = None
            if options["format"] != JSONL:
                raise CommandError("give --to a file or folder that does not exist yet; only --format jsonl goes to stdout", returncode=2)
        options["scope"] = scope_of(**options)
        super().handle(*args, **options)

    def act(self, subject, *, to, scope, actor, reason, **options):
        export = Export(subject, scope, actor, reason)
        try:
            with self.progress("export", export.total()) as progress:
                manifest = export.write(to, options["format"], progress) if to else printed(export, progress)
        except OSError as error:
            what = error.filename or to or "to stdout"
            raise CommandError(f"cannot write {what}: {error.strerror or type(error).__name__}", returncode=1) from None
        size, said = (f", {size_of(to)} bytes: {to}", self.stdout) if to else ("", self.stderr)
        said.write(f"{manifest.rows} rows{size} (request {export.ref})", lambda line: line)


def printed(export, progress):
    with until_nobody_reads():
        return export.print(sys.stdout.buffer, progress)


class Export:
    """One copy of a person's data; `ref` is the number of the request that it answers, once it is on record."""

    def __init__(self, subject, scope, actor, reason):
        self.subject, self.scope, self.actor, self.reason = subject, scope, actor, reason
        self.received_at, self.ref = timezone.now(), ""

    def total(self) -> int | None:
        """How many rows to expect; not worth counting where nobody watches."""
        return estimate.expected_rows(self.subject, self.scope) if sys.stderr.isatty() else None

    def write(self, to, how, progress):
        """It has its name only once it is complete and on record; of one that is not, nothing is left."""
        refuse_existing(to)
        part = to.with_name(f"{to.name}.part")
        manifest = self._write_part(part, how, progress)
        try:
            refuse_existing(to)
            self.put_on_record()
            rename(part, to)
        finally:
            remove(part)
        return manifest

    def _write_part(self, part, how, progress):
        if how == DIR:
            return write_folder(self.subject, part, scope=self.scope, progress=progress)
        with create(part) as file:
            if how == JSONL:
                return write_lines(self.subject, file.write, scope=self.scope, progress=progress)
            return write_archive(self.subject, file, scope=self.scope, progress=progress)

    def print(self, out, progress):
        """On record first: what went into a pipe cannot be taken back."""
        self.put_on_record()
        manifest = write_lines(self.subject, out.write, scope=self.scope, progress=progress)
        out.flush()
        return manifest

    def put_on_record(self) -> None:
        """A request of its own, answered at once; where she has one open, that stays open and the trail entry names it."""
        right, subject, actor_ref = self.scope.right, self.subject, actor_of(self.actor)
        with transaction.atomic():
            try:
                how = {"actor_ref": actor_ref, "received_at": self.received_at, "scope": self.scope.words}
                self.ref = at_once.handed_over(right, subject=subject, **how).ref
            except RequestAlreadyOpen as refusal:
                self.ref = refusal.request.ref
            entry = trail.record(f"{right}.exported", subject_ref=subject.ref, actor_ref=actor_ref, request_ref=self.ref)
            remarks.write(entry, self.reason, given_by=self.actor)


def scope_of(*, scope, category, since, until, **_options) -> Scope:
    """As the arguments say, or wrong usage in one line."""
    moments = {name: moment_of(text, name) for name, text in (("since", since), ("until", until)) if text}
    try:
        asked = Scope(Kind(scope), category, **moments)
        return Scope.read(asked.kind, asked.words)
    except UnknownScope:
        slugs = {activity.slug for activity in registry.activities()}
        problem = "--since has to lie before --until" if category in {"", *slugs} else f"--category is one of {', '.join(sorted(slugs))}"
        raise CommandError(problem, returncode=2) from None


def moment_of(text: str, name: str) -> datetime:
    """A date is the midnight at which it begins; what says no zone is in Brussels."""
    try:
        given = start_of(date.fromisoformat(text)) if len(text) == len("2026-03-01") else datetime.fromisoformat(text)
        moment = given if given.tzinfo else given.replace(tzinfo=ZONE)
        is_past = Scope(since=moment).is_known and moment <= timezone.now()
    except ValueError:
        raise CommandError(f"--{name} is a date such as 2026-03-01 or a moment such as 2026-03-01T09:30", returncode=2) from None
    if not is_past:
        raise CommandError(f"--{name} is a moment that has passed, in 1900 or later", returncode=2)
    return moment


def refuse_existing(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def remove(part: Path) -> None:
    if part.is_dir():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)


def size_of(path: Path) -> int:
    """Of a folder all its files together."""
    return sum(file.stat().st_size for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())


@contextmanager
def until_nobody_reads():
    """A reader that went away (`| head`) ends it without a word; what Python would still write goes nowhere."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(BROKEN_PIPE)
