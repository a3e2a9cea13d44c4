"""The contract for handing an archive over is valid OpenAPI, and its page says the same."""

import re
from pathlib import Path

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator
from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = (DOCS / "transfer.md").read_text(encoding="utf-8")


@pytest.fixture
def contract():
    return yaml.safe_load((DOCS / "transfer.openapi.yaml").read_text(encoding="utf-8"))


def test_the_contract_is_valid(contract):
    OpenAPIV31SpecValidator(contract).validate()


def test_a_contract_that_is_not_is_seen(contract):
    del contract["paths"]["/transfers/{transfer}"]["parameters"]

    with pytest.raises(OpenAPIValidationError):
        OpenAPIV31SpecValidator(contract).validate()


def test_every_problem_has_its_line_on_the_page_with_a_status_that_the_contract_knows(contract):
    types = set(contract["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]) - {"about:blank"}

    listed = dict(re.findall(r"^\| `(#[a-z-]+)` \| (\d+) \|", PAGE, re.MULTILINE))

    assert set(listed) == types
    answers = {
        status for path in contract["paths"].values() for act in path.values() if isinstance(act, dict) for status in act["responses"]
    }
    assert set(listed.values()) <= answers


def test_every_act_that_changes_something_says_what_a_second_time_does(contract):
    """Idempotent: a begun transfer is found again, a part is answered unread, an end gives the same receipt."""
    paths = contract["paths"]

    assert {"200", "201"} <= set(paths["/transfers"]["post"]["responses"])
    assert {"202", "204", "409"} <= set(paths["/transfers/{transfer}/files/{name}"]["put"]["responses"])
    assert {"200", "202", "409"} <= set(paths["/transfers/{transfer}/end"]["post"]["responses"])
