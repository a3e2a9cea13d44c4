"""The certificate of an erasure: what went, what stays and what was looked for, in counts, signed; it names nobody (Art. 5(2))."""

import json

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..verify.certificate import DIGESTS, FORMAT, SIGNATURE, VERSION, canonical, digests_of, fingerprint
from . import signing, trail


class Certificate(models.Model):
    """Made once per request and never again; `document` is what is signed, in its one spelling."""

    request_ref = models.CharField(_("request"), max_length=20, unique=True, help_text=_("Number of the request whose erasure it proves."))
    subject_ref = models.UUIDField(_("person"), db_index=True, help_text=_("Reference of the person concerned."))
    issued_at = models.DateTimeField(_("issued"), default=timezone.now, help_text=_("When it was signed."))
    document = models.TextField(_("document"), help_text=_("What it says, as JSON: counts, grounds and moments."))
    signature = models.TextField(_("signature"), help_text=_("By which anybody sees that nothing was changed in it."))

    class Meta:
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")

    def __str__(self):
        return self.request_ref

    @property
    def said(self) -> dict:
        return json.loads(self.document)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.said)

    @property
    def file(self) -> bytes:
        """As it is handed out: the document with its signature, in lines that a person can read."""
        return f"{json.dumps(self.said | {SIGNATURE: self.signature}, ensure_ascii=False, indent=1)}\n".encode()


def issue(request_ref: str, subject_ref, facts: dict) -> Certificate:
    """Sign what is said, in the caller's transaction. `facts`: member -> texts, whole numbers, and lists and objects of them."""
    now = timezone.now()
    document = {"format": FORMAT, "version": VERSION, "issuer": signing.issuer(), "made_at": now.isoformat(), **facts}
    document[DIGESTS] = digests_of(document)
    signature = signing.sign(canonical(document[DIGESTS]), kind=FORMAT)
    trail.record("erasure.certified", subject_ref=subject_ref, request_ref=request_ref)
    return Certificate.objects.create(
        request_ref=request_ref,
        subject_ref=subject_ref,
        issued_at=now,
        document=json.dumps(document, ensure_ascii=False),
        signature=signature,
    )
