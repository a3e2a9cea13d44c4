"""manage.py erase_subject: carry out an approved request for erasure."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from ...casework import cases, outcome
from ...casework.cases import Channel, DataSubjectRequest
from ...conf import setting
from ...datamap import Right
from ...errors import RequestNotApproved, TooEarly
from ...evidence import remarks, trail
from ...evidence.residue import LOOKED_STEP
from ...rights.preview import preview
from ..person import PersonCommand, actor_of, words

# Open step -> what it waits for.
WAITS_FOR = {
    "tell recipients": "recipients are still to be told",
    LOOKED_STEP: "everything is still to be searched for what is left (scan_residue does it now)",
}


class Command(PersonCommand):
    help = "Erase one person, on her approved request. Prints per table how many rows were removed, counted, anonymised or kept."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--request", metavar="REF", help="number of the approved request")
        parser.add_argument("--actor", metavar="A", type=words, help="who carries it out: an address or words, with --reason")
        parser.add_argument("--reason", metavar="R", type=words, help="why by hand, in at most 60 characters, no personal data")
        parser.add_argument("--yes", action="store_true", help="demo or DEBUG only: make and approve the request here")
        parser.add_argument("--now", action="store_true", help="demo or DEBUG only, with --yes: do not wait for the time to go back")

    def handle(self, *args, **options):
        if bool(options["request"]) == options["yes"] or (options["now"] and not options["yes"]):
            raise CommandError("give either --request REF, or --yes with or without --now", returncode=2)
        if options["yes"] and not (settings.DEBUG or setting("DEMO")):
            raise CommandError("--yes works only in a demo or with DEBUG; give --request REF", returncode=2)
        if bool(options["actor"]) != bool(options["reason"]):
            raise CommandError("give --actor and --reason together", returncode=2)
        super().handle(*args, **options)

    def act(self, subject, **options):
        request = self._request(subject, **options)
        if request.run.not_before > timezone.now():
            if options["yes"]:
                begin = timezone.localtime(request.run.not_before)
                return self.stdout.write(f"hidden; will be erased on {begin:%Y-%m-%d %H:%M} ({request.ref})")
            raise TooEarly
        if options["actor"]:
            on_record = {"subject_ref": subject.ref, "request_ref": request.ref}
            entry = trail.record("erasure.run", **on_record, actor_ref=actor_of(options["actor"]))
            remarks.write(entry, options["reason"], given_by=options["actor"])
        with self.progress("erase", preview(subject, request.choices).rows) as progress:
            done = cases.run(request, progress=progress)
        self._report(request, done)

    def _request(self, subject, **options) -> DataSubjectRequest:
        if options["yes"]:
            made = cases.submit(Right.ERASURE, subject=subject, channel=Channel.DEMO, identified_by="operator", actor_ref="operator")
            cases.approve(made, subject=subject, grace=timedelta(0) if options["now"] else None)
            return made
        ref = options["request"].strip().upper()
        found = DataSubjectRequest.objects.about(subject).filter(right=Right.ERASURE).numbered(ref)
        if found.status not in {cases.Status.APPROVED, cases.Status.RUNNING}:
            raise RequestNotApproved
        return found

    def _report(self, request, done):
        what = outcome.of(request)
        for category in what.treated:
            self.stdout.write(f"{category.rows:>9} {category.title}: {category.label}")
        for kept in what.kept:
            self.stdout.write(f"{kept.rows:>9} kept, {kept.reason}, {kept.until}: {kept.title}")
        self.stdout.write(f"{request.ref}: {'erased' if done else under_way(request)}")


def under_way(request) -> str:
    """What is left, where this worker could not end it."""
    open_step = request.run.steps.filter(finished_at=None).first()
    return f"under way; {WAITS_FOR.get(open_step and open_step.name, 'another worker goes on')}"
