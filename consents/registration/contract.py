"""The contract of all that partners' programs call here, as it stands in docs/partners.openapi.yaml, with our own address."""

from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from privacy.pages.people import open_to_hidden

from ..oidc import signing_keys
from ..oidc.well_known import HOUR_SECONDS

# Under docs/, so that who reads the code reads it too.
FILE = "partners.openapi.yaml"
# The address that stands in the file.
EXAMPLE = "https://platform.example"


@cache
def text() -> str:
    return (settings.BASE_DIR / "docs" / FILE).read_text(encoding="utf-8")


@open_to_hidden
@require_safe
@cache_control(public=True, max_age=HOUR_SECONDS)
def openapi(request):
    answer = HttpResponse(text().replace(EXAMPLE, signing_keys.issuer()), content_type="application/yaml")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
