"""The member, and her profile with what she agreed to show; `accounts.misconduct` has what is on record about who broke the rules."""

import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from privacy.evidence.growing import GrowingModel
from privacy.subjects import RootQuerySet, UsableManager

from . import showing
from .addresses import LowerCaseEmailField
from .links import LinksField
from .misconduct.models import Ban, FormalNotice

__all__ = ["Ban", "FormalNotice", "KnownBrowser", "Member", "ProfileConsentEvent", "SecurityEvent"]


def is_past(day):
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come. Check the year."), code="future")


class MemberManager(BaseUserManager.from_queryset(RootQuerySet)):
    """Unfiltered, since sign-in and uniqueness need every row; `.usable()` for pages."""

    def known_by(self, address):
        """Whose account has this address, or who confirmed it; one question, answered from two indexes."""
        return self.filter(email=address).union(self.filter(emailaddress__email=address, emailaddress__verified=True))

    def create_user(self, email, password=None, **fields):
        member = self.model(email=email.strip().lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class Member(AbstractBaseUser, PermissionsMixin):
    """A registered teacher, with the profile of the platform's privacy statement (K-3)."""

    class Gender(models.TextChoices):
        FEMALE = "female", _("woman")
        MALE = "male", _("man")
        OTHER = "other", _("other")

    class Language(models.TextChoices):
        """Each by its own name, so that who speaks it finds it."""

        DUTCH = "nl", "Nederlands"
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"

    id = models.UUIDField(
        _("number"), primary_key=True, default=uuid.uuid4, editable=False, help_text=_("Random, so that it gives nothing away.")
    )
    subject = models.OneToOneField(
        "privacy.Subject", on_delete=models.PROTECT, verbose_name=_("person"), help_text=_("Whom this account is about.")
    )
    email = LowerCaseEmailField(_("e-mail address"), unique=True, help_text=_("For signing in and for our letters; in lower case."))
    last_name = models.CharField(_("last name"), max_length=100, blank=True, help_text=_("As on your publications."))
    first_name = models.CharField(_("first name"), max_length=100, blank=True, help_text=_("As on your publications."))
    town = models.CharField(_("town"), max_length=100, blank=True, help_text=_("Postal code and name."))
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True, help_text=_("As you wish; shown to nobody."))
    birth_date = models.DateField(_("birth date"), null=True, blank=True, validators=[is_past], help_text=_("Shown to nobody."))
    occupation = models.CharField(
        _("professional data"), max_length=200, blank=True, help_text=_("Your subject, level or role in education.")
    )
    about_me = models.TextField(
        _("about me"), max_length=2000, blank=True, help_text=_("Optional. Everybody can read it, until you take it back.")
    )
    website = models.URLField(_("website"), blank=True, help_text=_("Optional. Everybody can read it, until you take it back."))
    social_networks = LinksField(
        _("social networks"),
        blank=True,
        help_text=_("Optional. One address on each line, at most five. Everybody can read them, until you take them back."),
    )
    photo = models.FileField(_("photo"), blank=True, db_index=True, help_text=_("Optional. Everybody can see it, until you take it back."))
    recommendations = models.BooleanField(
        _("suggestions"), default=True, help_text=_("Whether we suggest material from what you viewed and kept.")
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.DUTCH, help_text=_("In which we write to you.")
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Whether signing in is possible."))
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("Whether this person works for the platform."))
    date_joined = models.DateTimeField(_("member since"), default=timezone.now, help_text=_("When the account was made."))

    objects = MemberManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_member_email_once_in_any_case")]

    def __str__(self):
        return f"{self.first_name} {self.last_name}".strip() or str(_("member"))

    def get_full_name(self):
        return str(self)

    @cached_property
    def confirmed_addresses(self) -> list[str]:
        """Those that sign in; read once for each member that was fetched."""
        return list(self.emailaddress_set.filter(verified=True).values_list("email", flat=True))

    @property
    def public_facts(self) -> list[showing.Fact]:
        """What everybody may read of her: the optional fields that she filled, since filling is her consent; none while she is hidden.

        Who lists members selects `subject` along.
        """
        return showing.facts(self, showing.TO_EVERYBODY)

    @property
    def member_facts(self) -> list[showing.Fact]:
        """What a signed-in member may read besides: town and professional data. Address, birth date and gender are shown to nobody."""
        return showing.facts(self, showing.TO_MEMBERS)

    @property
    def photo_url(self) -> str:
        """The address of the photo that she shows to everybody; "" where she shows none or is hidden."""
        return showing.photo_url(self)


class ProfileConsentEvent(GrowingModel):
    """That a member agreed to show optional fields of her profile, or took that back: which text, which language (Art. 7(1))."""

    class Kind(models.TextChoices):
        GIVEN = "given", _("given")
        WITHDRAWN = "withdrawn", _("withdrawn")

    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    request_ref = models.CharField(
        _("request"), max_length=20, blank=True, help_text=_("Number of the request by which it was given, where there is one.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, help_text=_("Given or withdrawn."))
    attributes = models.JSONField(_("attributes"), help_text=_("Names of the account fields concerned."))
    text_version = models.CharField(_("version of the text"), max_length=20, help_text=_("Which text was shown."))
    language = models.CharField(_("language"), max_length=2, help_text=_("In which it was shown."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment."))

    class Meta(GrowingModel.Meta):
        verbose_name = _("consent to show")
        verbose_name_plural = _("consents to show")

    def __str__(self):
        return f"{self.kind} {self.at:%Y-%m-%d}"


class SecurityEventQuerySet(models.QuerySet):
    def since(self, moment):
        return self.filter(at__gt=moment)

    def until(self, moment):
        return self.filter(at__lte=moment)


class SecurityEvent(models.Model):
    """A moment at which somebody else may have taken an account over: for a while no archive goes out (T-08, accounts/recovery.py)."""

    class Kind(models.TextChoices):
        PASSWORD_RESET = "password_reset", _("password chosen by a mailed link")
        PASSWORD_SET = "password_set", _("first password chosen")
        ADDRESS_CHANGED = "address_changed", _("another main address")
        ADDRESS_CONFIRMED = "address_confirmed", _("one more address that signs in")
        CONNECTED = "connected", _("one more place to sign in at")
        FACTOR_REMOVED = "factor_removed", _("second step of signing in removed")
        MAILED_CODE = "mailed_code", _("signed in by a mailed code in a new browser")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, verbose_name=_("member"), help_text=_("Whose account it is."))
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices, help_text=_("What was changed."))
    at = models.DateTimeField(_("when"), default=timezone.now, help_text=_("The moment it was done."))

    objects = UsableManager()
    including_hidden = SecurityEventQuerySet.as_manager()  # who asked for erasure is guarded as everybody is

    class Meta:
        verbose_name = _("change to the account")
        verbose_name_plural = _("changes to the account")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"


class KnownBrowserQuerySet(models.QuerySet):
    def unused_since(self, moment):
        return self.filter(last_seen_at__lte=moment)


class KnownBrowser(models.Model):
    """A browser in which a member signed in before; its cookie holds a random number, this row only a keyed digest of that."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, verbose_name=_("member"), help_text=_("Who signed in."))
    digest = models.CharField(_("digest"), max_length=64, unique=True, help_text=_("HMAC-SHA-256 of member and number."))
    browser = models.CharField(_("browser"), max_length=60, blank=True, help_text=_("As far as it says what it is."))
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now, help_text=_("The first time you signed in with it."))
    last_seen_at = models.DateTimeField(
        _("last seen"), default=timezone.now, db_index=True, help_text=_("The last time you signed in with it.")
    )

    objects = UsableManager()
    including_hidden = KnownBrowserQuerySet.as_manager()  # who asked for erasure may sign in to take it back

    class Meta:
        verbose_name = _("browser we know")
        verbose_name_plural = _("browsers we know")

    def __str__(self):
        return self.browser or str(_("browser"))
