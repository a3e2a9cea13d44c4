"""The client of a partner, and the codes it exchanges; tokens are django-oauth-toolkit's own tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication, AbstractGrant

from privacy.subjects import UsableManager

from ..outgoing import address_of_a_partner


class PartnerApplication(AbstractApplication):
    """One program of a partner that signs members in and asks what they allowed."""

    # Not of a person: the organisation answers for it.
    user = None
    partner = models.ForeignKey(
        "consents.Partner",
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("partner"),
        help_text=_("Whose program it is."),
    )

    backchannel_logout_uri = models.URLField(
        _("where to say who signs out"),
        max_length=2000,
        blank=True,
        validators=[address_of_a_partner],
        help_text=_("Its address for OpenID Connect Back-Channel Logout; empty where it need not know."),
    )

    class Meta(AbstractApplication.Meta):
        verbose_name = _("program of a partner")
        verbose_name_plural = _("programs of partners")

    @property
    def jwk_key(self):
        """The key that signs now, whichever application asks (RS256 alone)."""
        from .signing_keys import current

        return current()

    def allows_grant_type(self, *grant_types) -> bool:
        """Besides what members allow, a program that can keep a secret acts for itself: it manages its event stream (SSF 1.0)."""
        mine = {self.authorization_grant_type}
        if self.client_type == self.CLIENT_CONFIDENTIAL:
            mine.add(self.GRANT_CLIENT_CREDENTIALS)
        return bool(mine & set(grant_types))


class AuthorizationCode(AbstractGrant):
    """Kept until it expires, also once redeemed: who brings it again ends what it gave (RFC 6749, 4.1.2)."""

    authenticated_at = models.DateTimeField(_("signed in"), null=True, help_text=_("When the member last showed who she is."))
    redeemed_at = models.DateTimeField(_("redeemed"), null=True, help_text=_("When it was exchanged for tokens."))

    objects = UsableManager()

    class Meta(AbstractGrant.Meta):
        verbose_name = _("authorisation code")
        verbose_name_plural = _("authorisation codes")
