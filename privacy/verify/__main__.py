"""python -m privacy.verify FILE: is this archive, certificate or paper whole, as it was made, and by whom?"""

import argparse
import json
import re
import shlex
import sys

from .bounds import BOUNDS, MIB, Bounds
from .certificate import CertificateVerdict, fingerprint, is_certificate, verify_certificate
from .checking import verify
from .fetching import keys_from
from .jose import WELL_KNOWN, KeysUnreadable
from .paper import PaperVerdict, is_signed_paper, verify_paper
from .verdict import State, Verdict, printable

EXIT = {State.SIGNED: 0, State.TAMPERED: 1, State.UNREADABLE: 2, State.SIGNER_UNKNOWN: 3}
USAGE = 2
GIB = 1024 * MIB
SITE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/?")
EPILOG = (
    "Exit codes: 0 intact and signed with a known key; 1 tampered with; 2 wrong usage or not readable; 3 intact, but who signed it is open."
)


def main(arguments=None) -> int:
    options = _options(arguments)
    try:
        keys = keys_from(options.keys) if options.keys else None
    except KeysUnreadable as fault:
        return _fail(f"{printable(options.keys)}: {fault}")
    try:
        with open(options.archive, "rb") as file:
            verdict = _check(file, keys, options)
    except (OSError, ValueError) as fault:
        return _fail(f"{printable(options.archive)}: {getattr(fault, 'strerror', None) or 'no such name'}")
    print(json.dumps(as_dict(verdict), indent=1) if options.json else "\n".join(lines(verdict, options)))
    return EXIT[verdict.state]


def _check(file, keys, options) -> Verdict:
    if is_signed_paper(file):
        return verify_paper(file, keys)
    if is_certificate(file):
        return verify_certificate(file, keys)
    return verify(file, keys, bounds=Bounds(options.most_files, options.most_gigabytes * GIB, options.most_ratio))


def _options(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m privacy.verify",
        description="Check an archive, a certificate of erasure or a signed paper of Inzage.",
        epilog=EPILOG,
    )
    parser.add_argument(
        "archive", metavar="FILE", help="the ZIP file of an archive, the JSON file of a certificate or a signed PDF, as you got it"
    )
    parser.add_argument("--keys", metavar="FILE-or-URL", help=f"the public keys of who made it: a file, or https://SITE{WELL_KNOWN}")
    parser.add_argument("--json", action="store_true", help="say it for a program")
    for name, most, what in [
        ("files", BOUNDS.files, "files in the ZIP"),
        ("gigabytes", BOUNDS.size // GIB, "gigabytes (GiB) unpacked"),
        ("ratio", BOUNDS.ratio, "times larger unpacked than packed, for any file"),
    ]:
        parser.add_argument(f"--most-{name}", type=_number, default=most, metavar="N", help=f"read at most so many {what} (%(default)s)")
    return parser.parse_args(arguments)


def _number(text):
    number = int(text)
    if not 0 < number < 2**40:
        raise ValueError
    return number


def _fail(sentence) -> int:
    print(sentence, file=sys.stderr)
    return USAGE


def lines(verdict: Verdict, options):
    """Faults first, one a line; then what it comes to."""
    yield from map(str, verdict.faults)
    yield from SAID[verdict.state](verdict, options)


def _signed(verdict, options):
    yield f"Intact: {_content(verdict)}, as made at {printable(verdict.made_at)}."
    yield f"Signed by {_issuer(verdict)} with key {printable(verdict.kid)}."
    if isinstance(verdict, CertificateVerdict):
        yield f"Fingerprint, as on the paper: {fingerprint(verdict.document)}"


def _signer_unknown(verdict, options):
    yield f"{_content(verdict)}: as its own list says, but who signed that could not be checked, as no keys are at hand."
    yield f"It says that {_issuer(verdict)} signed it, with key {printable(verdict.kid)}. Is that whom you expect?"
    if SITE.fullmatch(verdict.issuer):
        archive = shlex.quote(printable(options.archive))
        yield f"Then check: python -m privacy.verify {archive} --keys {verdict.issuer.rstrip('/')}{WELL_KNOWN}"


def _tampered(verdict, options):
    yield "Tampered with, or damaged: do not rely on it."


def _unreadable(verdict, options):
    if isinstance(verdict, CertificateVerdict):
        yield "Not checked: this is no certificate that this program can read."
        return
    now = f"--most-files {options.most_files} --most-gigabytes {options.most_gigabytes} --most-ratio {options.most_ratio}"
    yield f"Not checked. It is read within these bounds, which you can raise: {now}"


SAID = {State.SIGNED: _signed, State.SIGNER_UNKNOWN: _signer_unknown, State.TAMPERED: _tampered, State.UNREADABLE: _unreadable}


KINDS = {CertificateVerdict: "certificate", PaperVerdict: "paper"}


def _content(verdict):
    if isinstance(verdict, CertificateVerdict):
        said = {name: printable(str(verdict.document.get(name))) for name in ("number", "reference")}
        return f"certificate of request {said['number']} (reference {said['reference']})"
    return "paper" if isinstance(verdict, PaperVerdict) else f"{verdict.rows} rows in {verdict.files} files"


def _issuer(verdict):
    return printable(verdict.issuer) or "somebody without a name"


def as_dict(verdict: Verdict) -> dict:
    faults = [
        {
            "code": fault.code.name.lower(),
            "file": fault.file,
            "found": fault.found,
            "expected": fault.expected,
            "unit": fault.unit,
            "said": str(fault),
        }
        for fault in verdict.faults
    ]
    told = {
        "kind": KINDS.get(type(verdict), "archive"),
        "issuer": verdict.issuer,
        "kid": verdict.kid,
        "made_at": verdict.made_at,
        "rows": verdict.rows,
        "files": verdict.files,
    }
    return {"state": verdict.state, "exit": EXIT[verdict.state], **told, "faults": faults}


if __name__ == "__main__":
    sys.exit(main())
