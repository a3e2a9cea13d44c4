"""Everything by which a partner reaches one member's data; it ends with her permission."""

from oauth2_provider.models import get_access_token_model, get_id_token_model, get_refresh_token_model

from .models import AuthorizationCode


def end(grant) -> None:
    """Codes, refresh, access and ID tokens, in the caller's transaction, under `permissions.hold`: none was handed out since."""
    of_grant = {"user": grant.member_id, "application__partner": grant.partner_id}
    for model in _kinds():
        model.objects.filter(**of_grant).delete()


def end_many(partner, members) -> None:
    """As `end`, for a partner that takes no part any more; `members` is a query of their keys."""
    _delete(partner, user__in=members)


def end_all(partner) -> None:
    """What is left once no permission stands: what its programs got for themselves, or came in while it was being ended."""
    _delete(partner)


def _delete(partner, **of) -> None:
    """Row by row nothing hangs on them but each other, and their keys are looked at when the transaction ends."""
    programs = list(partner.applications.values_list("pk", flat=True))
    for model in _kinds():
        rows = model._base_manager.filter(application__in=programs, **of)
        rows._raw_delete(rows.db)


def _kinds():
    return AuthorizationCode, get_access_token_model(), get_refresh_token_model(), get_id_token_model()
