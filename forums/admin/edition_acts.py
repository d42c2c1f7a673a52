"""What can be done with an edition besides editing it: buttons above its form.

Every part of the app puts its own here when it is loaded.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from forums.models import Forum
from oda_portal.publishing.admin import ObjectAct

Acts = Callable[[HttpRequest, Forum], "list[ObjectAct]"]

_acts: list[Acts] = []


def add_acts(acts: Acts) -> None:
    """`acts(request, forum)`: the buttons that this person may press now."""
    _acts.append(acts)


def acts_of(request: HttpRequest, forum: Forum) -> list[ObjectAct]:
    return [act for find in _acts for act in find(request, forum)]
