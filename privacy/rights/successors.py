"""The only one with a task (PRIVACY["ROLES"]) cannot be erased before somebody else has it."""

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from ..conf import setting
from ..errors import LastInRole
from ..evidence import replay
from ..steps import Work
from ..subjects import Subject
from .erasure import erasure_step


def refuse_last(subject: Subject) -> None:
    """LastInRole where nobody else could take over today. A look without a lock, for who may still choose."""
    roles = setting("ROLES")
    alone = [roles[permission] for permission in _tasks_of(subject) if not _others(subject, permission).exists()]
    if alone:
        raise LastInRole(alone)


def need_one(subject: Subject) -> None:
    """The same under one lock for each task of hers, in the caller's transaction: of two who leave at once, one stays.

    Not after a restore: what was done is done again, whoever had which task when the backup was made.
    The lock is the row of the permission and not of the other person: each has her own already (test_of_two_who_leave_at_once_one_stays).
    """
    tasks = [] if replay.under_way() else _tasks_of(subject)
    if tasks:
        list(_given(tasks).order_by("pk").select_for_update(no_key=True))
        refuse_last(subject)


def _tasks_of(subject) -> list[str]:
    """What she was given, by name or by a group, in one question."""
    if not hasattr(get_user_model(), "user_permissions"):
        return []
    hers = Q(user__subject=subject.pk) | Q(group__user__subject=subject.pk)
    found = _given(setting("ROLES")).filter(hers).values_list("content_type__app_label", "codename")
    return sorted({f"{app_label}.{codename}" for app_label, codename in found})


def _others(subject, permission: str) -> QuerySet:
    """Who else has it."""
    return holders_of(permission).exclude(subject=subject.pk)


def holders_of(permission: str) -> QuerySet:
    """Who has it, each once, is not hidden and can sign in; that a superuser may do everything gives her no task.

    From the permission to its few holders: the same conditions joined by OR would look at every member.
    """
    given, member = _given([permission]), get_user_model()
    by_name, by_group = (
        member._base_manager.filter(**{path: given}).order_by().values("pk") for path in ("user_permissions__in", "groups__permissions__in")
    )
    can_sign_in = {"is_active": True} if any(field.name == "is_active" for field in member._meta.fields) else {}
    return member._base_manager.filter(pk__in=by_name.union(by_group), subject__hidden_at=None, **can_sign_in)


def _given(permissions: Iterable[str]) -> QuerySet:
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
