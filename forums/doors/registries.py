"""What the door gives to the registries of the platform."""

from __future__ import annotations

from . import certificates, panels


def register_all() -> None:
    certificates.register()
    panels.register()
