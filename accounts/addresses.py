"""One spelling for each mailbox: the same address in capitals, wide letters or a written-out domain is the same account."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db import models
from email_validator import EmailNotValidError, validate_email

# An address in an envelope holds at most this many characters (RFC 5321, 4.5.3.1.3).
MOST_CHARACTERS = 254

has_form_of_address = EmailValidator()


def one_spelling(address: str) -> str:
    """Compatibility letters made plain (NFKC), no blanks around it, lower case, the domain in ASCII (IDNA 2008).

    Nobody is asked whether the domain exists. Raises ValidationError on what is no address, on a quoted name: it is the same mailbox
    in other words (RFC 5321, 4.1.2), and on a letter that only looks like one of ours (Django's check lets a dotless i through).
    """
    local, at, domain = unicodedata.normalize("NFKC", address).strip().lower().rpartition("@")
    if local.startswith('"') or not local.isascii():
        raise _no_address(address)
    spelled = f"{local}{at}{_in_ascii(domain)}"
    has_form_of_address(spelled)
    if len(spelled) > MOST_CHARACTERS:
        raise _no_address(spelled)
    return spelled


def _in_ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return validate_email(f"anyone@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError:
        raise _no_address(domain) from None


def _no_address(value):
    return ValidationError(EmailValidator.message, code=EmailValidator.code, params={"value": value})


class LowerCaseEmailField(models.EmailField):
    """Written and looked up in lower case, so that the database's unique index means one mailbox."""

    def to_python(self, value):
        return _lower(super().to_python(value))

    def get_prep_value(self, value):
        return _lower(super().get_prep_value(value))


def _lower(value):
    return value.strip().lower() if isinstance(value, str) else value
