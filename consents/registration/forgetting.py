"""When what partners proposed, and who agreed, has had its time (Art. 5(1)(e); consents/personal_data.py names the same period)."""

from dateutil.relativedelta import relativedelta
from django.db.models import Q

from privacy.conf import setting

from ..models import Proposal


def forget(now) -> None:
    """PRIVACY["ACCOUNTABILITY_YEARS"] after we worked with the partner; where it never became one, after that was decided."""
    then = now - relativedelta(years=setting("ACCOUNTABILITY_YEARS"))
    Proposal.objects.filter(Q(partner__ended_at__lt=then) | Q(partner=None, decided_at__lt=then)).delete()
