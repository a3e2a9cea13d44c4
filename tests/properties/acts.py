"""An erasure from request to answer, as the worker does it."""

from datetime import timedelta

from privacy.casework import cases, mailing
from privacy.datamap import Right, registry
from privacy.rights.erasure import treat
from privacy.rights.treating import treatings


def erase(subject, choices=None):
    """Submit, accept without a time to go back, carry out, send what has to go out; the closed request."""
    request = cases.submit(Right.ERASURE, subject=subject, identified_by="password", choices=choices)
    cases.approve(request, subject=subject, grace=timedelta(0))
    cases.run(request)
    mailing.deliver_notices(subject_ref=request.subject_ref)
    mailing.send_due()
    return request


def treat_rows(subject, models):
    """Of an erasure, what concerns these tables."""
    for data_map in registry.in_erasure_order():
        for treating in treatings(data_map, subject, {}) if data_map.model in models else ():
            treat(treating, request_ref=str(subject.ref))
