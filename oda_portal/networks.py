"""Networks as settings name them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(setting: str, values: Iterable[str]) -> tuple[Network, ...]:
    """`10.1.0.0/16` or one address. Raises ImproperlyConfigured with the setting's name."""
    try:
        return tuple(ipaddress.ip_network(value.strip()) for value in values)
    except ValueError as error:
        raise ImproperlyConfigured(f"{setting} is no list of networks: {error}") from error


def is_in(address: str, among: Iterable[Network]) -> bool:
    """Whether one of them holds the address; what is no address is nowhere."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in network for network in among)
