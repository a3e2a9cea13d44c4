"""What a certificate of erasure says, read from the ledger of its request; the step that issues it, and the files that are handed out."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import NamedTuple

from django.db.models import Sum
from django.utils import translation

from ..conf import setting
from ..datamap import KeepGround, registry
from ..days import ZONE, day_of
from ..evidence.certificate import Certificate, issue
from ..evidence.certificate_paper import write_paper
from ..evidence.recipients import Notice
from ..evidence.residue import ResidueScan
from ..evidence.trail import TrailEntry
from ..rights.erasure import erasure_step
from ..rights.holds import HeldRecord
from . import outcome

# In the trail, of an erasure that was carried out once more on a database that came from a backup.
REPLAYED = "erasure.replayed"
# After this step nothing of hers is left to treat (test_the_certificate_says_when_the_last_of_hers_went).
LAST_TREATMENT = "remove files"


class Attachment(NamedTuple):
    """As mails and pages hand it out."""

    name: str
    content: bytes
    kind: str


@erasure_step("issue the certificate", order=930)
def _issue_the_certificate(work) -> None:
    """Once: whoever comes again finds it, and what was said stays said."""
    with work.batch():
        if not Certificate.objects.filter(request_ref=work.request.ref).exists():
            issue(work.request.ref, work.request.subject_ref, facts_of(work.request))
        work.finish()


def certificate_of(request) -> Certificate | None:
    return Certificate.objects.filter(request_ref=request.ref).first()


def files_of(certificate: Certificate) -> list[Attachment]:
    """On paper, to read and to keep, and for machines, to check."""
    paper, name = BytesIO(), f"certificate-{certificate.request_ref}"
    write_paper(certificate.said, paper, zone=ZONE)
    return [
        Attachment(f"{name}.pdf", paper.getvalue(), "application/pdf"),
        Attachment(f"{name}.json", certificate.file, "application/json"),
    ]


def facts_of(request) -> dict:
    """In the language of the request, with the codes beside the words."""
    with translation.override(request.language):
        steps = request.run.steps
        erased_at = steps.get(name=LAST_TREATMENT).finished_at
        return {
            "number": request.ref,
            "reference": str(request.subject_ref),
            "language": request.language,
            "map_version": request.map_version,
            "controller": _in_words(setting("CONTROLLER")),
            "dpo": _in_words(setting("DPO")),
            "moments": _moments(request, erased_at),
            **_rows(request),
            "files_removed": sum(step.counts.get("files removed", 0) for step in steps.all()),
            "held": _held(request.ref),
            "scan": _scan(request.ref),
            "recipients": _recipients(request.ref),
            "backups": {"days": setting("BACKUP_DAYS"), "end_on": _backups_end_on(erased_at).isoformat()},
        }


def _moments(request, erased_at) -> dict[str, str]:
    """ "replayed" only where a restore had brought the person back: then she was "erased" for the second time."""
    moments = {"asked": request.received_at, "hidden": request.approved_at, "erased": erased_at, "replayed": replayed_at(request)}
    return {name: _moment(at) for name, at in moments.items() if at}


def replayed_at(request) -> datetime | None:
    return TrailEntry.objects.filter(event=REPLAYED, request_ref=request.ref).order_by("-pk").values_list("at", flat=True).first()


def backups_end_on(certificate: Certificate) -> date:
    """The day after which no backup is left that was made while her data were there."""
    return date.fromisoformat(certificate.said["backups"]["end_on"])


def _backups_end_on(erased_at) -> date:
    return day_of(erased_at + timedelta(days=setting("BACKUP_DAYS")))


def _rows(request) -> dict:
    """What became of each table's rows, the largest first."""
    found = sorted(outcome.categories(request), key=lambda category: (-category.rows, category.data_map.label()))
    treated = [_category(each, outcome=each.label) for each in found if each.fate != "kept"]
    kept = [_category(each, ground=each.data_map.row.ground, until=each.until) for each in found if each.fate == "kept"]
    return {"treated": treated, "kept": kept}


def _category(category, **more) -> dict:
    said = {"record": category.data_map.label(), "title": category.title, "fate": category.fate, **more, "reason": category.reason}
    return _in_words(said) | {"rows": category.rows}


def _held(ref) -> list[dict]:
    """What was set aside for a while: of which kind, on which ground, until when."""
    alike = HeldRecord.objects.filter(request_ref=ref).order_by("record", "until").values("record", "ground", "until", "review_on")
    return [_hold(**each) for each in alike.annotate(rows=Sum("rows"))]


def _hold(record, ground, until, review_on, rows) -> dict:
    data_map = registry.labelled(record)
    reason = KeepGround(ground).label if ground in KeepGround.values else ground
    said = {"record": record, "title": data_map.heading() if data_map else record, "ground": ground, "reason": reason}
    return _in_words(said | {"until": until or "", "review_on": review_on or ""}) | {"rows": rows}


def _scan(ref) -> dict | None:
    """What the search for leftovers went through, and what it found."""
    scan = ResidueScan.objects.filter(request_ref=ref).first()
    counts = ("places", "rows", "unread", "remains", "listed", "names")
    return scan and {"at": _moment(scan.scanned_at), **{name: getattr(scan, name) for name in counts}}


def _recipients(ref) -> list[dict]:
    notices = Notice.objects.filter(request_ref=ref).select_related("recipient").order_by("recipient__name")
    return [_in_words({"name": each.recipient.name, "state": each.state, "outcome": each.get_state_display()}) for each in notices]


def _in_words(facts) -> dict[str, str]:
    return {name: str(said) for name, said in facts.items()}


def _moment(at) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
