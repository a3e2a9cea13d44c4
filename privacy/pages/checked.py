"""What a check of an archive or a certificate found, in words for a person. It names nobody: not who it is about, nor a value in it."""

import re
from datetime import datetime

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from ..verify import CertificateVerdict, Code, Fault, PaperVerdict, State, Verdict
from ..verify.certificate import fingerprint
from ..verify.verdict import printable

# Faults that are listed; how many more there are is said.
SHOWN = 20
SITE = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?")
CHANGED = {
    Code.CUT_OFF: _("The file breaks off here. Maybe it was not fetched to its end."),
    Code.HIDDEN_BYTES: _("Something is hidden before it."),
    Code.UNSAFE_NAME: _("Its name could lead out of the folder in which you unpack it. Do not unpack this file."),
    Code.TWICE: _("There are two files with this name."),
    Code.NOT_A_FILE: _("It is not an ordinary file. We never put such a thing in an archive."),
    Code.DAMAGED: _("It is damaged and cannot be unpacked."),
    Code.MISSING: _("It is missing."),
    Code.UNLISTED: _("It was added: it is not in the list."),
    Code.ROWS: _("It holds another number of rows."),
    Code.CHANGED: _("Its contents were changed."),
    Code.INCOMPLETE: _("Rows were lost when it was made."),
    Code.CONTRADICTION: _("The list says two things about it."),
    Code.NOT_A_MANIFEST: _("The list is not written as we write it."),
    Code.NOT_A_SIGNATURE: _("The signature is not written as we write it."),
    Code.SAID_TWICE: _("It says something twice under one name."),
    Code.ADDED: _("It was added: nobody signed it."),
    Code.WRONG_SIGNATURE: _("The list was changed after it was signed."),
    Code.UNKNOWN_KEY: _("It says that we signed it, but none of our keys did."),
    Code.WRONG_ISSUER: _("The list and the signature name two different sites."),
}
REFUSED = {
    Code.NOT_A_ZIP: _("This is neither an archive nor a certificate. Choose the zip file or the json file as you got it."),
    Code.NOT_OURS: _("This is a zip file, but no archive: the list of its contents is not in it."),
    Code.OTHER_VERSION: _("This file is older or newer than what we can check. Ask for a new one."),
    Code.TOO_MANY_FILES: _("There are more files in it than we read here. Check it on your own computer, as below."),
    Code.TOO_LARGE: _("Unpacked it is larger than what we read here. Check it on your own computer, as below."),
    Code.PAPER: _("This is the certificate to read and to print. Choose the json file that came with it in the same mail."),
    Code.NOT_JSON: _("This file cannot be read: it breaks off, or was changed so that it is no longer a certificate."),
    Code.NOT_A_CERTIFICATE: _("This is a json file, but no certificate of ours."),
    Code.TOO_DENSE: _("It unpacks to suspiciously much, so we did not open it. No archive of ours does that."),
}


def unreadable(verdict: Verdict) -> str:
    """Why it was not checked; empty where it was."""
    return next((REFUSED[fault.code] for fault in verdict.faults if fault.code in REFUSED), "")


class FoundFault:
    """One row of the list of faults."""

    def __init__(self, fault: Fault):
        self.file, self.what = printable(fault.file), CHANGED[fault.code]
        is_rows = fault.unit == "rows"
        self.found, self.expected = (fault.found, fault.expected) if is_rows else (None, None)


class Checked:
    """What a page says of an archive that could be read."""

    is_certificate = False

    def __init__(self, verdict: Verdict):
        self.is_paper = isinstance(verdict, PaperVerdict)
        self.rows, self.files, self.kid = verdict.rows, verdict.files, printable(verdict.kid)
        self.is_signed, self.is_tampered = verdict.state == State.SIGNED, verdict.state == State.TAMPERED
        self.faults = [FoundFault(fault) for fault in verdict.faults[:SHOWN]]
        self.more = len(verdict.faults) - len(self.faults)
        self.issuer = verdict.issuer.rstrip("/") if SITE.fullmatch(verdict.issuer.rstrip("/")) else ""
        self.made_at = _moment(verdict.made_at)


class CheckedCertificate(Checked):
    """Of what we signed ourselves, the figures; they are to be laid beside the paper."""

    def __init__(self, verdict: CertificateVerdict):
        super().__init__(verdict)
        self.is_certificate, said = True, verdict.document
        if self.is_signed:
            self.number, self.fingerprint = said["number"], fingerprint(said)
            self.erased_at, self.backups_end_on = _moment(said["moments"]["erased"]), parse_date(said["backups"]["end_on"])
            self.treated, self.kept = (sum(each["rows"] for each in said[name]) for name in ("treated", "kept"))
            self.kept += sum(each["rows"] for each in said["held"])
            self.scan, states = said["scan"], [each["state"] for each in said["recipients"]]
            self.not_reached = states.count("impossible")
            self.told = len(states) - self.not_reached


def checked(verdict: Verdict) -> Checked:
    return CheckedCertificate(verdict) if isinstance(verdict, CertificateVerdict) else Checked(verdict)


def _moment(text) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and is_aware(at) else None
