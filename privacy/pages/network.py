"""From which network somebody asks who is not signed in, for counting alone."""

import ipaddress

# As much of a longer address as one household or school has.
PREFIX = 64


def network_of(request) -> str:
    """Empty behind a socket, which has no address: all those are counted as one."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0])
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{PREFIX}", strict=False)) if address.version == 6 else str(address)
