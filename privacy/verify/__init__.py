"""Checking an archive, a certificate or a signed paper: is it whole, as it was made, and by whom (docs/verifying.md).

Needs no settings, no database and no network.
"""

from .bounds import BOUNDS, Bounds
from .certificate import CertificateVerdict, is_certificate, verify_certificate
from .checking import verify
from .jose import KeysUnreadable, keys_of
from .paper import PaperVerdict, is_signed_paper, verify_paper
from .verdict import Code, Fault, State, Verdict

__all__ = [
    "BOUNDS",
    "Bounds",
    "CertificateVerdict",
    "Code",
    "Fault",
    "KeysUnreadable",
    "PaperVerdict",
    "State",
    "Verdict",
    "is_certificate",
    "is_signed_paper",
    "keys_of",
    "verify",
    "verify_certificate",
    "verify_paper",
]
