"""What a partner's calls cost without us: views that read the same rows by hand-written SQL, behind the same middleware."""

import hashlib
import json

from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as those_of_the_site

__all__ = ["handler400", "handler403", "handler404", "handler500"]

CLIENT = "SELECT id, partner_id, client_type, client_secret FROM consents_partnerapplication WHERE client_id = %s"
TOKEN = """SELECT token.user_id, token.application_id, token.scope, token.created, token.expires, member.subject_id, member.is_active
    FROM oauth2_provider_accesstoken token JOIN accounts_member member ON member.id = token.user_id
    WHERE token.token_checksum = %s AND token.expires > now()"""
GRANT = """SELECT permission.sub, permission.attributes FROM consents_partnergrant permission
    JOIN consents_partnerapplication program ON program.partner_id = permission.partner_id
    JOIN consents_partner partner ON partner.id = permission.partner_id
    JOIN accounts_member member ON member.id = permission.member_id JOIN privacy_subject subject ON subject.ref = member.subject_id
    WHERE permission.member_id = %s AND program.id = %s AND permission.revoked_at IS NULL AND permission.asks_anew_since IS NULL
    AND partner.published_at IS NOT NULL AND partner.ended_at IS NULL AND subject.hidden_at IS NULL"""
LOCK = "SELECT ref FROM privacy_subject WHERE ref = %s FOR NO KEY UPDATE"
MEMBER = """SELECT member.*, partner.recipient_id FROM accounts_member member, consents_partner partner
    JOIN consents_partnerapplication program ON program.partner_id = partner.id WHERE member.id = %s AND program.id = %s"""
DISCLOSURE = "INSERT INTO privacy_disclosure (recipient_id, subject_ref, attributes, basis, at) VALUES (%s, %s, %s, 'consent', now())"
FIELDS = {"first_name": "given_name", "email": "email"}


def _one(cursor, statement, *parameters) -> dict:
    cursor.execute(statement, parameters)
    return dict(zip((column.name for column in cursor.description), cursor.fetchone(), strict=True))


def _digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


@csrf_exempt
@never_cache
def introspect(request):
    with connection.cursor() as cursor:
        client = _one(cursor, CLIENT, request.POST["client_id"])
        token = _one(cursor, TOKEN, _digest(request.POST["token"]))
        grant = _one(cursor, GRANT, token["user_id"], client["id"])
    times = {"iat": int(token["created"].timestamp()), "exp": int(token["expires"].timestamp())}
    return JsonResponse({"active": True, "scope": token["scope"], "sub": str(grant["sub"]), **times})


@csrf_exempt
@never_cache
def userinfo(request):
    """The permission twice, as ours: before, and under the lock under which the record of it is written."""
    with connection.cursor() as cursor:
        token = _one(cursor, TOKEN, _digest(request.headers["Authorization"].partition(" ")[2]))
        _one(cursor, GRANT, token["user_id"], token["application_id"])
        with transaction.atomic():
            _one(cursor, LOCK, token["subject_id"])
            grant = _one(cursor, GRANT, token["user_id"], token["application_id"])
            member = _one(cursor, MEMBER, token["user_id"], token["application_id"])
            names = list(FIELDS)
            cursor.execute(DISCLOSURE, [member["recipient_id"], token["subject_id"], json.dumps(names)])
    claims = {FIELDS[name]: member[name] for name in names}
    return HttpResponse(json.dumps({"sub": str(grant["sub"]), **claims}), content_type="application/json")


urlpatterns = [path("bare/introspect/", introspect), path("bare/userinfo/", userinfo), *those_of_the_site]
