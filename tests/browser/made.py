"""Answers that a visitor cannot ask for: made inside the site by whole requests, to be shown in a browser as they are."""

import logging
from unittest import mock

from allauth.core.ratelimit import respond_429
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config import pages
from privacy.evidence import signing
from tests import certificates

IN_DUTCH = {"accept-language": "nl"}


def too_large_or_strange():
    """A host that is none of ours."""
    return _told(Client().get("/", headers=IN_DUTCH | {"host": "elders.example"}))


def without_session():
    """A form whose token fits no session."""
    return _told(Client(enforce_csrf_checks=True).post("/account/login/", headers=IN_DUTCH))


def signed_out():
    return _told(Client().post(reverse("usage:publish"), {"description": "Een lange uitleg."}, headers=IN_DUTCH))


def too_often():
    with mock.patch.object(pages, "render", lambda request, *_what: respond_429(request)):
        return _told(Client().get("/", headers=IN_DUTCH))


def broken():
    logging.disable()  # in this process, which serves nobody
    with mock.patch.object(pages, "render", side_effect=ArithmeticError):
        return _told(Client(raise_request_exception=False).get("/", headers=IN_DUTCH))


def our_certificate():
    """Only the site itself can sign one."""
    made = certificates.digested(issuer=signing.issuer(), held=[certificates.HELD])
    signed = {**made, "signature": signing.sign(certificates.spelled(made["digests"]), kind=certificates.FORMAT)}
    file = SimpleUploadedFile("certificate.json", certificates.written(signed))
    return _told(Client().post(reverse("privacy:verify"), {"archive": file}, headers=IN_DUTCH))


def restored():
    with mock.patch("privacy.evidence.replay.is_behind", return_value=True):
        return _told(Client().get("/", headers=IN_DUTCH))


def _told(response):
    """Status, headers and text, as Playwright's `fulfill` takes them."""
    return {"status": response.status_code, "headers": dict(response.headers), "body": response.content}
