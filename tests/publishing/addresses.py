"""The addresses of the portal that everybody may ask for, as the walks over them need them."""

from __future__ import annotations

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

# Addresses with nothing published on them, or that ask for more than one key.
PRIVATE = ("admin:", "account_", "files:", "pages:display", "pages:satisfaction")


def names(resolver: URLResolver, prefix: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            found += names(entry, space)
        elif isinstance(entry, URLPattern) and entry.name:
            found.append(prefix + entry.name)
    return found


def public_names() -> list[str]:
    """Of all addresses without a key."""
    return [name for name in names(get_resolver()) if _is_public(name)]


def _is_public(name: str) -> bool:
    if name.startswith(PRIVATE):
        return False
    try:
        reverse(name)
    except NoReverseMatch:  # it asks for a key
        return False
    return True
