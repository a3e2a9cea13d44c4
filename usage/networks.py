"""From which network address somebody asks."""

import ipaddress


def address_of(request) -> str | None:
    """As a column for addresses holds it; None behind a socket, which has none, and for what is no address."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0]))
    except ValueError:
        return None
