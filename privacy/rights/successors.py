"""The only one with a task (PRIVACY["ROLES"]) cannot be erased before somebody else has it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from ..conf import setting
from ..errors import LastInRole
from ..steps import Work
from ..subjects import Subject
from .erasure import erasure_step


def refuse_last(subject: Subject) -> None:
    """LastInRole where nobody else could take over today. A look without a lock, for who may still choose."""
    alone = [name for permission, name in setting("ROLES").items() if _is_alone(subject, permission)]
    if alone:
        raise LastInRole(alone)


def need_one(subject: Subject) -> None:
    """The same under one lock for each task of hers, in the caller's transaction: of two who leave at once, one stays.

    The lock is the row of the permission and not of the other person: each has her own already (test_of_two_who_leave_at_once_one_stays).
    """
    hers = [permission for permission in setting("ROLES") if _holders(permission).filter(subject=subject.pk).exists()]
    if hers:
        list(_given(*hers).order_by("pk").select_for_update(no_key=True))
        refuse_last(subject)


def _is_alone(subject, permission) -> bool:
    holders = _holders(permission)
    is_hers = holders.filter(subject=subject.pk).exists()
    return is_hers and not holders.filter(subject__hidden_at=None).exclude(subject=subject.pk).exists()


def _holders(permission: str) -> QuerySet:
    """Who was given it, by name or by a group, and can sign in; that a superuser may do everything makes nobody a successor."""
    member = get_user_model()
    if not hasattr(member, "user_permissions"):
        return member._base_manager.none()
    given = _given(permission)
    return member._base_manager.filter(Q(user_permissions__in=given) | Q(groups__permissions__in=given), is_active=True).distinct()


def _given(*permissions: str) -> QuerySet:
    named = Q(pk__in=[])
    for permission in permissions:
        app_label, _dot, codename = permission.partition(".")
        named |= Q(content_type__app_label=app_label, codename=codename)
    return Permission.objects.filter(named)


@erasure_step("look for a successor", order=50)
def _look_for_a_successor(work: Work) -> None:
    """Once more when it begins: meanwhile the other one may have lost the task. Until somebody has it, the request stays open."""
    if work.subject is not None:
        with work.batch():
            need_one(work.subject)
