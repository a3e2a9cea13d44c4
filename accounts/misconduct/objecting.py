"""A banned person says that we are wrong, by a signed link in the letter, since she can no longer sign in (Art. 21).

The link opens no data and takes nothing away: all it does is ask our data protection officer to look again (decision 103).
"""

from datetime import timedelta

from django.db import transaction
from django.dispatch import receiver
from django.urls import reverse

from privacy.casework import asking
from privacy.casework.requests import DataSubjectRequest
from privacy.casework.signed_links import SignedLink
from privacy.conf import setting
from privacy.datamap import Right
from privacy.rights import statements
from privacy.subjects import Subject

from ..models import Ban

# Until the ban is reviewed by itself.
LINK = SignedLink("accounts.objecting", lives=timedelta(days=366))
ACTIVITY = "misconduct"
# For `identified_by`: she reads the mail of the account.
BY_LETTER = "mailed_link"


def link_to(ban: Ban) -> str:
    """Names the row of a list that names nobody."""
    return setting("SITE").rstrip("/") + reverse("misconduct:object", args=[LINK.token(ban.pk)])


def ban_of(token: str) -> Ban:
    """LinkExpired after a year; LinkUnknown where we never made it, or the ban was lifted."""
    return LINK.row(token, Ban.objects.all(), "pk")


def person_of(ban: Ban) -> Subject | None:
    """None once she was erased: then she writes to our officer."""
    return Subject.objects.filter(ref=ban.subject_ref).first() if ban.subject_ref else None


@transaction.atomic
def say_no(ban: Ban, subject: Subject, text: str) -> DataSubjectRequest:
    """Sent twice, it is one objection; her words join one that waits for us already, about another use."""
    ban = Ban.objects.select_for_update().get(pk=ban.pk)
    list(ban.of_same_person().select_for_update())  # once the line is in the replay ledger, nothing is waited for
    asked = asking.joined(Right.OBJECTION, subject=subject, identified_by=BY_LETTER)
    if ban.objection_ref != asked.ref:
        asking.add(asked, subject=subject, activities=[ACTIVITY], text=text)
    return asked


@receiver(asking.about_uses)
def _stand_on_bans(request, activities, **_sent):
    """Before the line in the replay ledger, and once more when that is done again: a ban that is objected to says so."""
    if request.right == Right.OBJECTION and ACTIVITY in activities:
        Ban.objects.filter(subject_ref=request.subject_ref).update(objection_ref=request.ref)


def objection_to(ban: Ban) -> DataSubjectRequest | None:
    return DataSubjectRequest.objects.filter(ref=ban.objection_ref).first() if ban.objection_ref else None


def words_of(asked: DataSubjectRequest) -> str:
    """What she wrote with it; "" where nothing."""
    return next((said.text for said in statements.words_with(asked) if said.about == ACTIVITY and said.text), "")
