"""What the contracts of events and of handing over say is true for whatever is sent (SSF 1.0, docs/transfer.openapi.yaml)."""

from pathlib import Path

import pytest
import requests
import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance

from consents.signals.api import api
from consents.transfer.contract import API

from . import transferring
from .makers import make_member, make_partner
from .partner_side import SITE, make_application
from .receiving import Program, make_stream
from .test_partners_contract import WithRawHeaders

FILE = Path(__file__).resolve().parent.parent / "docs" / "transfer.openapi.yaml"
EVENTS = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/ssf/"))
TRANSFER = schemathesis.openapi.from_dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))
# Requests of each kind to each address; the gate has little time, `long` much.
A_FEW, MANY = 4, 60
# No schema knows whose number a number is, or what a digest is of; members that nobody knows are ignored; and a request without its token
# would leave this process.
NOT_ASKED = [positive_data_acceptance, negative_data_rejection, ignored_auth]
how = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck), "database": None}


@pytest.fixture
def stream(db):
    return make_stream(make_application(make_partner("edupartner")))


@pytest.fixture
def program(stream):
    return Program(stream.application)


@pytest.fixture
def sender(db, settings):
    """Of a transfer that has begun."""
    transferring.trust_elsewhere(settings)
    member = make_member("An", last_name="Peeters")
    sending = transferring.Sender(transferring.token_for(transferring.make_sender(), member), transferring.archive_of(member))
    sending.begin()
    return sending


def call(case, token, base=SITE):
    session = requests.Session()
    session.mount(SITE, WithRawHeaders())
    shown = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(base_url=base, session=session, excluded_checks=NOT_ASKED, headers=shown)


def call_of_stream(case, program, stream):
    """About its own stream, where something is said of one: any other is not there."""
    if "stream_id" in (case.path_parameters or {}):
        case.path_parameters["stream_id"] = str(stream.pk)
    if "stream_id" in (case.query or {}):
        case.query["stream_id"] = str(stream.pk)
    if isinstance(case.body, dict) and "stream_id" in case.body:
        case.body["stream_id"] = str(stream.pk)
    call(case, program.token)


def call_of_transfer(case, sender):
    if "transfer" in (case.path_parameters or {}):
        case.path_parameters["transfer"] = sender.ref
    call(case, sender.token, SITE + API)


@EVENTS.parametrize()
@settings(max_examples=A_FEW, **how)
def test_whatever_is_said_of_a_stream_is_answered_as_the_contract_says(case, program, stream):
    call_of_stream(case, program, stream)


@pytest.mark.long
@EVENTS.parametrize()
@settings(max_examples=MANY, **how)
def test_much_is_said_of_a_stream_and_answered_as_the_contract_says(case, program, stream):
    call_of_stream(case, program, stream)


@TRANSFER.parametrize()
@settings(max_examples=A_FEW, **how)
def test_whatever_a_sender_sends_is_answered_as_the_contract_says(case, sender):
    call_of_transfer(case, sender)


@pytest.mark.long
@TRANSFER.parametrize()
@settings(max_examples=MANY, **how)
def test_much_that_a_sender_sends_is_answered_as_the_contract_says(case, sender):
    call_of_transfer(case, sender)
