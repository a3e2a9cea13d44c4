"""The regulation's words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LawfulBasis(TextChoices):
    """Why we may process (Art. 6(1))."""

    CONSENT = "consent", _("consent")
    CONTRACT = "contract", _("contract")
    LEGAL_OBLIGATION = "legal_obligation", _("legal obligation")
    VITAL_INTERESTS = "vital_interests", _("vital interests")
    PUBLIC_TASK = "public_task", _("public task")
    LEGITIMATE_INTERESTS = "legitimate_interests", _("legitimate interests")


class Right(TextChoices):
    """What a person can ask (Art. 7(3), 12, 15-18, 20, 21, 77)."""

    ACCESS = "access", _("access")
    PORTABILITY = "portability", _("portability")
    RECTIFICATION = "rectification", _("rectification")
    ERASURE = "erasure", _("erasure")
    RESTRICTION = "restriction", _("restriction")
    OBJECTION = "objection", _("objection")
    WITHDRAWAL = "withdrawal", _("withdrawal of consent")
    COMPLAINT = "complaint", _("complaint")
    INFORMATION = "information", _("information")


class ErasureGround(TextChoices):
    """Why data must go (Art. 17(1))."""

    NO_LONGER_NECESSARY = "no_longer_necessary", _("no longer necessary")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("consent withdrawn and no other basis")
    OBJECTION = "objection", _("valid objection")
    UNLAWFUL = "unlawful", _("unlawful processing")
    LEGAL_DUTY = "legal_duty", _("legal duty to erase")
    CHILD = "child", _("collected from a child online")


class RestrictionGround(TextChoices):
    """Why data may only be kept for a while: the four of Art. 18(1), and the platform's own promise (K-15, G-33)."""

    ACCURACY = "accuracy", _("the person says the data are not right")
    UNLAWFUL = "unlawful", _("the use is unlawful, and the person wants no erasure")
    LEGAL_CLAIMS = "legal_claims", _("the person needs the data for a legal claim")
    OBJECTION = "objection", _("an objection is being looked at")
    ERASURE = "erasure", _("a request for erasure is being looked at")


class KeepGround(TextChoices):
    """Why data may stay: the exceptions of Art. 17(3), and the legitimate interest of a list of banned addresses (K-7)."""

    EXPRESSION = "expression", _("freedom of expression and information")
    LEGAL_OBLIGATION = "legal_obligation", _("legal obligation or public task")
    PUBLIC_HEALTH = "public_health", _("public health")
    ARCHIVING = "archiving", _("archiving, research or statistics")
    LEGAL_CLAIMS = "legal_claims", _("legal claims")
    MISCONDUCT = "misconduct", _("preventing fraud and misconduct")
    ACCOUNTABILITY = "accountability", _("showing that we kept the rules")


class RefusalGround(TextChoices):
    """Why a request is not followed (Art. 12(4), 12(5), 17(3), 21(1)); which right knows which: casework.refusing."""

    IDENTITY = "identity", _("we could not establish who asks")
    UNFOUNDED = "unfounded", _("manifestly unfounded")
    EXCESSIVE = "excessive", _("excessive, in particular repeated")
    EXCEPTION = "exception", _("an exception of the regulation applies")
    NOT_CONTROLLER = "not_controller", _("we are not the controller of these data")
    RIGHTS_OF_OTHERS = "rights_of_others", _("it would harm the rights of others")
    NOT_MET = "not_met", _("what this right asks for is not the case")
    COMPELLING = "compelling", _("compelling grounds of ours weigh more than the objection")


class Role(TextChoices):
    """What one column means for a person: who it is about, or where the value comes from."""

    PERSON = "person", _("leads to the person")
    PROVIDED = "provided", _("given by the person")
    OBSERVED = "observed", _("recorded while using the service")
    INFERRED = "inferred", _("derived by us")
    SECRET = "secret", _("kept secret, never shown")
    NOT_PERSONAL = "not_personal", _("not personal")
