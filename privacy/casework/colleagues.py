"""Who of ours works at the desk: to read there, or to decide."""

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from ..rights.successors import holders_of

# As the pages ask for them (pages.people).
READS, DECIDES = "privacy.view_datasubjectrequest", "privacy.change_datasubjectrequest"


def who_may(permission: str) -> QuerySet:
    """Those who were given it and can sign in; nobody, where the host's user model knows no permissions."""
    member = get_user_model()
    if not hasattr(member, "user_permissions"):
        return member._base_manager.none()
    return holders_of(permission).select_related("subject").order_by("pk")


def name_of(colleague) -> str:
    """As colleagues know each other."""
    full_name = getattr(colleague, "get_full_name", str)
    return full_name() or str(colleague)
