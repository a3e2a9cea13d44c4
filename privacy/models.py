"""All tables of the engine; each stands beside the acts it belongs to."""

from .casework.absences import Absence
from .casework.agenda import AgendaItem
from .casework.alerts import Alert
from .casework.assigning import Assignment
from .casework.conversation import Message
from .casework.extending import Extension
from .casework.follow_up import FollowUp
from .casework.hourly import HourlyCount
from .casework.identification import Identification
from .casework.identity import IdentityCheck
from .casework.identity_changes import IdentityChange
from .casework.letters import Letter
from .casework.mandates import Mandate
from .casework.outside import OutsideRequest
from .casework.pausing import Pause
from .casework.registers.authorities import AuthorityRequest
from .casework.registers.breach_letters import BreachLetter
from .casework.registers.breaches import AffectedPerson, Breach, BreachNotice, BreachPhase
from .casework.requests import DataSubjectRequest
from .casework.settings import SettingChange
from .evidence.certificate import Certificate
from .evidence.crowds import Mixed, Unmixed
from .evidence.heads import TrailCheck
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
from .rights.restriction import Restriction
from .rights.statements import Statement
from .steps import Run, Step
from .subjects import Subject

__all__ = [
    "Absence",
    "AffectedPerson",
    "AgendaItem",
    "Alert",
    "ApprovedRule",
    "Archive",
    "Assignment",
    "AuthorityRequest",
    "Breach",
    "BreachLetter",
    "BreachNotice",
    "BreachPhase",
    "Certificate",
    "DataSubjectRequest",
    "Disclosure",
    "Extension",
    "FileRemoval",
    "FollowUp",
    "HeldRecord",
    "Hold",
    "HourlyCount",
    "Identification",
    "IdentityChange",
    "IdentityCheck",
    "LedgerPosition",
    "LeftTogether",
    "Letter",
    "Mandate",
    "Message",
    "Mixed",
    "Notice",
    "NoticeAttempt",
    "OutsideRequest",
    "Pause",
    "Recipient",
    "Rectification",
    "Remark",
    "ResidueFinding",
    "ResidueScan",
    "Restriction",
    "RetentionRun",
    "Run",
    "SealedEntry",
    "SettingChange",
    "Statement",
    "StatisticsClosure",
    "Step",
    "Subject",
    "TrailCheck",
    "TrailEntry",
    "TrailSeal",
    "Unmixed",
    "UnusedAccount",
]
