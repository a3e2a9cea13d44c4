"""Everything by which a partner reaches one member's data; it ends with her permission."""

from oauth2_provider.models import get_access_token_model, get_id_token_model, get_refresh_token_model

from .models import AuthorizationCode


def end(grant) -> None:
    """Codes, refresh, access and ID tokens, in the caller's transaction, under `permissions.hold`: none was handed out since."""
    of_grant = {"user": grant.member_id, "application__partner": grant.partner_id}
    for model in (AuthorizationCode, get_access_token_model(), get_refresh_token_model(), get_id_token_model()):
        model.objects.filter(**of_grant).delete()
