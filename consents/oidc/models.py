"""The client of a partner, and the codes it exchanges; tokens are django-oauth-toolkit's own tables."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oauth2_provider.models import AbstractApplication, AbstractGrant, ApplicationManager

from privacy.subjects import UsableManager

from ..outgoing import address_of_a_partner


class ProgramManager(ApplicationManager):
    """With its partner: whether a program may ask anything depends on it, at every call."""

    def get_queryset(self):
        return super().get_queryset().select_related("partner")

    def earlier_secrets(self, present) -> list[str]:
        """Of the program whose present one this is: the one before, as long as it counts. Digests, both."""
        still_count = self.filter(client_secret=present, earlier_secret_until__gt=timezone.now()).exclude(earlier_secret="")
        return list(still_count.values_list("earlier_secret", flat=True))


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
    earlier_secret = models.CharField(
        _("earlier secret"), max_length=255, blank=True, help_text=_("Digest of the one before, which counts for a while.")
    )
    earlier_secret_until = models.DateTimeField(_("earlier secret until"), null=True, blank=True, help_text=_("Until when it counts."))
    secret_made_at = models.DateTimeField(_("secret made"), null=True, blank=True, help_text=_("When the present one was made."))
    backchannel_logout_uri = models.URLField(
        _("where to say who signs out"),
        max_length=2000,
        blank=True,
        validators=[address_of_a_partner],
        help_text=_("Its address for OpenID Connect Back-Channel Logout; empty where it need not know."),
    )

    brings_from = models.URLField(
        _("brings archives of"),
        max_length=200,
        blank=True,
        help_text=_("Whose archives it may bring when a member wants that, by the name that signs them; empty where it brings none."),
    )

    objects = ProgramManager()

    class Meta(AbstractApplication.Meta):
        verbose_name = _("program of a partner")
        verbose_name_plural = _("programs of partners")

    @property
    def jwk_key(self):
        """The key that signs now, whichever application asks (RS256 alone)."""
        from .signing_keys import current

        return current()

    def is_usable(self, request) -> bool:
        """Asked at every call: the first moment of ending a partner is that this says no."""
        return self.partner.takes_part

    @property
    def has_earlier_secret(self) -> bool:
        return bool(self.earlier_secret) and self.earlier_secret_until is not None and self.earlier_secret_until > timezone.now()

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
