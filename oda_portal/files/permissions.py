"""Who may open a stored file that is not, or not yet, public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from oda_portal.accounts.areas import hangs_on_theirs

if TYPE_CHECKING:
    from oda_portal.accounts.models import User


def can_view_original(user: User | AnonymousUser, model: type[models.Model]) -> bool:
    permission = f"{model._meta.app_label}.view_{model._meta.model_name}"
    return user.is_staff and user.has_perm(permission)


def can_view_file_of(user: User | AnonymousUser, row: models.Model) -> bool:
    """Beyond the right to the model: whose work is limited sees no files of other programmes."""
    return can_view_original(user, type(row)) and hangs_on_theirs(user, row)
