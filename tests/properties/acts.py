"""An erasure from request to answer, as the worker does it."""

from datetime import timedelta

from privacy.casework import cases, letters
from privacy.datamap import Right


def erase(subject, choices=None):
    """Submit, accept without a time to go back, carry out, send what has to go out; the closed request."""
    request = cases.submit(Right.ERASURE, subject=subject, identified_by="password", choices=choices)
    cases.approve(request, subject=subject, grace=timedelta(0))
    cases.run(request)
    letters.deliver_notices(subject_ref=request.subject_ref)
    letters.send_due()
    return request
