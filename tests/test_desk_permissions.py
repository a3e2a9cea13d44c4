"""Who may read, decide, enter and look back at the desk."""

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from privacy.pages.people import AUDIT, DESK, DESK_ACTS, DESK_ENTRY, audit_page, desk_act, desk_entry, desk_page, records_page

from .makers import make_member

KINDS = {desk_page: "read", desk_act: "decide", desk_entry: "enter", audit_page: "audit", records_page: "figures"}


def person_with(*permissions):
    member = make_member("Els")
    for permission in permissions:
        app, codename = permission.split(".")
        member.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return type(member).objects.get(pk=member.pk)  # permissions are remembered


def is_let_in(kind, member, rf) -> bool:
    request = rf.get("/")
    request.user = member
    try:
        return kind(lambda _request: HttpResponse())(request).status_code == 200
    except PermissionDenied:
        return False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("permissions", "may"),
    [
        ((), set()),
        ((DESK,), {"read", "figures"}),
        ((DESK_ACTS,), set()),
        ((DESK_ENTRY,), set()),
        ((DESK, DESK_ACTS), {"read", "decide", "figures"}),
        ((DESK, DESK_ENTRY), {"read", "enter", "figures"}),
        ((AUDIT,), {"audit", "figures"}),
    ],
)
def test_each_permission_opens_its_own_pages(permissions, may, rf):
    """T-18."""
    member = person_with(*permissions)

    assert {name for kind, name in KINDS.items() if is_let_in(kind, member, rf)} == may
