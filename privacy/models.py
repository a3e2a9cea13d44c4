"""All tables of the engine; each stands beside the acts it belongs to."""

from .casework.absences import Absence
from .casework.agenda import AgendaItem
from .casework.alerts import Alert
from .casework.assigning import Assignment
from .casework.identification import Identification
from .casework.identity import IdentityCheck
from .casework.letters import Letter
from .casework.requests import DataSubjectRequest
from .evidence.certificate import Certificate
from .evidence.crowds import Mixed, Unmixed
from .evidence.recipients import Disclosure, Notice, NoticeAttempt, Recipient
from .evidence.remarks import Remark
from .evidence.replay import LedgerPosition
from .evidence.residue import ResidueFinding, ResidueScan
from .evidence.statistics import StatisticsClosure
from .evidence.together import LeftTogether
from .evidence.trail import SealedEntry, TrailEntry, TrailSeal
from .rights.access import Archive
from .rights.erasure import FileRemoval
from .rights.holds import HeldRecord, Hold
from .rights.inactivity import ApprovedRule, UnusedAccount
from .rights.nights import RetentionRun
from .rights.rectification import Rectification
from .rights.statements import Statement
from .steps import Run, Step
from .subjects import Subject

__all__ = [
    "Absence",
    "AgendaItem",
    "Alert",
    "ApprovedRule",
    "Archive",
    "Assignment",
    "Certificate",
    "DataSubjectRequest",
    "Disclosure",
    "FileRemoval",
    "HeldRecord",
    "Hold",
    "Identification",
    "IdentityCheck",
    "LedgerPosition",
    "LeftTogether",
    "Letter",
    "Mixed",
    "Notice",
    "NoticeAttempt",
    "Recipient",
    "Rectification",
    "Remark",
    "ResidueFinding",
    "ResidueScan",
    "RetentionRun",
    "Run",
    "SealedEntry",
    "Statement",
    "StatisticsClosure",
    "Step",
    "Subject",
    "TrailEntry",
    "TrailSeal",
    "Unmixed",
    "UnusedAccount",
]
