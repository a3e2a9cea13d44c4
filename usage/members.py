"""Which members others meet, and how two of them are held while one does something that concerns the other."""

from django.contrib.auth import get_user_model

from privacy.errors import WhileRestricted
from privacy.subjects import Subject

from .errors import AccountLeaving, MemberGone, NotOneself


def visible():
    """Neither hidden, restricted nor closed out; whoever is not among them looks to others like one who never was."""
    return get_user_model()._default_manager.usable().filter(is_active=True)


def is_visible(member) -> bool:
    return member is not None and member.is_active and member.subject.is_usable_for("account")


def meet(member, key):
    """The other member, both people locked until the transaction ends: neither can be hidden or erased meanwhile.

    MemberGone where there is nobody of this key to be met, NotOneself for her own, and the refusals of `hold`.
    """
    other = visible().filter(pk=key).first()
    if other is None:
        raise MemberGone
    if other.pk == member.pk:
        raise NotOneself
    if other.subject_id not in hold(member, other):
        raise MemberGone
    return other


def hold(member, *others) -> set:
    """Lock these people until the transaction ends; the references of those who are here.

    AccountLeaving where `member` is not, WhileRestricted where what she does here is on hold.

    In one order, so that two members who write to each other do not wait for each other.
    """
    refs = [each.subject_id for each in (member, *others)]
    held = Subject.objects.select_for_update(no_key=True).filter(pk__in=refs).order_by("pk")
    found = {subject.pk: subject for subject in held if subject.hidden_at is None}
    if member.subject_id not in found:
        raise AccountLeaving
    if found[member.subject_id].restricts("usage"):
        raise WhileRestricted
    return {ref for ref, subject in found.items() if ref == member.subject_id or not subject.restricts("account")}
