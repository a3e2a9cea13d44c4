"""When a member last used her account, and whose account may go when nobody uses it."""

from allauth.usersessions.models import UserSession
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from privacy.subjects import Subject

from .models import Member


def last_seen(subjects: QuerySet[Subject]) -> QuerySet[Subject]:
    """Each with `last_seen_at`: her last sign-in, a session that was seen later, else when the account was made.

    Left out: who works for the platform or may do more than others, and who could not sign in to keep the account.
    """
    joined = "member__date_joined"
    sessions = UserSession.objects.filter(user=OuterRef("member__pk")).order_by().values("user")
    seen = Subquery(sessions.annotate(last=Max("last_seen_at")).values("last"))
    moments = Greatest(joined, Coalesce("member__last_login", joined), Coalesce(seen, joined))
    return subjects.filter(_may_go(), member__is_active=True).annotate(last_seen_at=moments)


def _may_go() -> Q:
    """Neither staff nor anybody with a role: moderator, custodian, data protection officer."""
    roles = (Member.groups.through, Member.user_permissions.through)
    has_role = [Exists(role.objects.filter(member=OuterRef("member__pk"))) for role in roles]
    return Q(*[~role for role in has_role], member__is_staff=False, member__is_superuser=False)
