"""Who may do what: a moderator writes notices and bans, a custodian keeps the list; to everybody else their pages do not exist."""

from functools import reduce, wraps
from operator import or_

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.http import Http404

from privacy.evidence import trail
from privacy.pages.people import AUDIT, DESK, DESK_ACTS, DESK_ENTRY, person_page

MODERATOR = "accounts.add_ban"
CUSTODIAN = "accounts.view_ban"
# Decides about partners (consents.registration); two of them for data that a partner did not get yet.
PARTNERS = "consents.change_partner"
# What `manage.py appoint` knows -> group and permissions.
ROLES = {
    "moderator": ("Moderator", MODERATOR),
    "custodian": ("Custodian", CUSTODIAN),
    "dpo": ("DPO", DESK, DESK_ACTS, DESK_ENTRY, AUDIT),
    "assistant": ("DPO assistant", DESK, DESK_ENTRY),
    "auditor": ("Auditor", AUDIT),
    "partners": ("Partners", PARTNERS),
}


def has(user, *permissions) -> bool:
    """Any of them, and somebody of ours."""
    return user.is_staff and any(user.has_perm(permission) for permission in permissions)


def only_for(*permissions):
    """A page of who has one of these; to others it is as absent as any address that does not exist."""

    def wrap(view):
        @person_page
        @wraps(view)
        def page(request, *args, **kwargs):
            if not has(request.user, *permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return page

    return wrap


@transaction.atomic
def appoint(member, role: str, *, by="operator") -> None:
    name, *permissions = ROLES[role]
    group, _is_new = Group.objects.get_or_create(name=name)
    group.permissions.add(*_found(permissions, "default"))
    member.groups.add(group)
    type(member).objects.filter(pk=member.pk).update(is_staff=True)
    trail.record("role.given", subject_ref=member.subject_id, actor_ref=by, reason=role)


def renew(using: str) -> None:
    """What a role got since its group was made: a group that `appoint` made follows the software."""
    for name, *permissions in ROLES.values():
        for group in Group.objects.using(using).filter(name=name):
            group.permissions.add(*_found(permissions, using))


def _found(permissions, using):
    """Permission by permission, since two apps may call theirs the same."""
    named = [Q(content_type__app_label=app, codename=codename) for app, codename in (each.split(".") for each in permissions)]
    return Permission.objects.using(using).filter(reduce(or_, named))


@transaction.atomic
def dismiss(member, role: str, *, by="operator") -> None:
    """She stays somebody of ours, who may be a colleague in another role."""
    member.groups.remove(*Group.objects.filter(name=ROLES[role][0]))
    trail.record("role.taken", subject_ref=member.subject_id, actor_ref=by, reason=role)
