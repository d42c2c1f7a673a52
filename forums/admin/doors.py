"""From the page of an edition to its door."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from forums.doors.permissions import can_check_in
from forums.models import Forum
from oda_portal.publishing.admin import ObjectAct

from .edition_acts import add_acts


def door_acts(request: HttpRequest, forum: Forum) -> list[ObjectAct]:
    if not forum.pool_id or not can_check_in(request.user):
        return []
    return [ObjectAct(_("Check-in"), reverse("forums:check_in_door", args=[forum.slug]))]


add_acts(door_acts)
