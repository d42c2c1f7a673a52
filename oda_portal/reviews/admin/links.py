"""From the page of a round to its reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from oda_portal.publishing.admin import ObjectAct

from .. import permissions
from ..models import Rubric

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from oda_portal.accounts.models import User


def key_of(round_: models.Model) -> str:
    """What a form calls a round: `volunteers.call:7`."""
    return f"{round_._meta.label_lower}:{round_.pk}"


def acts_of(round_: models.Model, user: User | AnonymousUser) -> list[ObjectAct]:
    """Buttons for the page of a round: a ranking for each stage, or how to set one up."""
    acts = []
    rubrics = list(Rubric.objects.in_round(round_))
    if permissions.can_view_ranking(user):
        for rubric in rubrics:
            url = reverse("admin:reviews_rubric_ranking", args=[rubric.pk])
            label = _("Ranking: %(stage)s") % {"stage": rubric.get_stage_display()}
            acts.append(ObjectAct(label, url))
    if not rubrics and user.has_perm("reviews.add_rubric"):
        query = urlencode({"of_round": key_of(round_)})
        url = f"{reverse('admin:reviews_rubric_add')}?{query}"
        acts.append(ObjectAct(_("Set up reviews"), url))
    return acts
