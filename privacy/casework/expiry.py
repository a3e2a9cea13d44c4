"""What shows that we kept the rules goes too, once nobody can ask for it any more (Art. 5(1)(e), 5(2))."""

from dateutil.relativedelta import relativedelta

from ..conf import setting
from ..datamap import Right
from ..evidence import residue
from ..evidence.certificate import Certificate
from ..evidence.recipients import Notice
from ..evidence.remarks import Remark
from ..rights import rectification, restriction, statements
from ..rights.nights import RetentionRun
from . import agenda
from .requests import DataSubjectRequest


def forget(now) -> None:
    """What shows that we kept the rules goes PRIVACY["ACCOUNTABILITY_YEARS"] after the answer; tables that only grow keep their rows."""
    then = now - relativedelta(years=setting("ACCOUNTABILITY_YEARS"))
    DataSubjectRequest.objects.filter(closed_at__lt=then).delete()
    rectification.Rectification.objects.filter(at__lt=then).delete()
    statements.Statement.objects.with_requests().exclude(request_ref__in=DataSubjectRequest.objects.values("ref")).delete()
    Notice.objects.filter(settled_at__lt=then).delete()
    Certificate.objects.filter(issued_at__lt=then).delete()
    Remark.objects.filter(written_at__lt=then).delete()
    RetentionRun.objects.filter(started_at__lt=then).delete()
    restriction.Restriction.objects.filter(lifted_at__lt=then).delete()
    agenda.AgendaItem.objects.filter(done_at__lt=then).delete()
    residue.ResidueScan.objects.exclude(request_ref__in=DataSubjectRequest.objects.values("ref")).delete()


def forget_identifiers(now) -> None:
    """What was to be looked for after an erasure, once it ended in any way, or waited too long."""
    residue.forget(now, set(DataSubjectRequest.objects.open().filter(right=Right.ERASURE).values_list("ref", flat=True)))
