"""manage.py import_archive: take in an archive for a person who asked for it, by an operator who gives a name and a reason (T-18)."""

from pathlib import Path

from django.core.management.base import CommandError

from ...rights.opening import opened
from ...rights.own_row import Why
from ...rights.taking_in import Report, look, take_in
from ...verify.verdict import printable
from ..person import PersonCommand, actor_of, words


class Command(PersonCommand):
    help = "Take in an archive (docs/archive.md) for the person it is of, as her own page does; what others read comes only with --also."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("file", metavar="FILE.zip", type=Path, help="an archive of hers, of this installation or of one that we trust")
        parser.add_argument("--actor", metavar="A", required=True, type=words, help="who does it: an address or words")
        parser.add_argument("--reason", metavar="R", required=True, type=words, help="why, in at most 60 characters, no personal data")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, and change nothing")
        parser.add_argument(
            "--also", metavar="NAME", action="append", default=[], help="what she agreed to herself: usage.Comment, accounts.Member.town"
        )

    def act(self, subject, *, file, actor, reason, dry_run, also, **options):
        try:
            with file.open("rb") as archive, opened(archive, subject) as brought:
                report = look(subject, brought)
                _refuse_unknown(report, also)
                if not dry_run:
                    report = take_in(subject, brought, _wanted(report, also), actor_ref=actor_of(actor), reason=reason, given_by=actor)
        except OSError as error:
            raise CommandError(f"cannot read {file}: {error.strerror or type(error).__name__}", returncode=1) from None
        self._say(report)

    def _say(self, report: Report):
        """Counts and reasons, never a value."""
        for each in report.taken:
            refused = "".join(f"; {count} not taken: {why}" for why, count in each.refused.items())
            self.stdout.write(f"{each.label}: {each.new} new, {each.here} here, {each.conflicts} differ{refused}")
        for offer in report.offers:
            self.stdout.write(f"{offer.name}: {offer.problem or offer.why.value}{' (taken in)' if offer.is_taken else ''}")
        for each in report.left:
            self.stdout.write(f"{printable(each.label)}: {each.brought} not taken: {each.stays}")


def _refuse_unknown(report: Report, also: list[str]) -> None:
    """A name that was mistyped would else be left out in silence."""
    known = {offer.name for offer in report.offers} | {each.label for each in report.taken}
    if unknown := sorted(set(also) - known):
        raise CommandError(f"nothing in this archive is called {printable(', '.join(unknown))}", returncode=2)


def _wanted(report: Report, also: list[str]) -> set[str]:
    """As her page is ticked when it opens, and what she agreed to besides."""
    own = {offer.label for offer in report.offers if offer.why == Why.FILLS}
    return own | {each.label for each in report.taken if not each.is_for_all_to_read} | set(also)
