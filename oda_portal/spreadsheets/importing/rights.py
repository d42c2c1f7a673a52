"""Who may import what: whoever may add or change the records by hand, and no more than that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models

from oda_portal.accounts.areas import areas_of, is_led, is_theirs, within
from oda_portal.accounts.roles import languages_to_write

if TYPE_CHECKING:
    from oda_portal.accounts.models import User

    from .models import Import

# By these a record hangs on a programme, or on an edition of the forum, which is one.
OWNERS = ("program", "run", "forum")


@dataclass(frozen=True)
class Rights:
    """Of one person over the records of one model."""

    user: Any
    model: type[models.Model]

    @property
    def may_add(self) -> bool:
        return self._has("add")

    @property
    def may_import(self) -> bool:
        return self._has("change") and self._has("view")

    def may_write(self, language: str) -> bool:
        """A translator changes the columns of one language, and nothing else."""
        languages = languages_to_write(self.user, self.model)
        return languages is None or language in languages

    def may_touch(self, row: Any) -> bool:
        """Their kinds of programme alone; never what nobody can tell the kind of."""
        if areas_of(self.user) is not None and self._hangs and not is_led(self.model):
            return False
        return is_theirs(self.user, row)

    def may_name(self, model: type[models.Model], keys: set[int]) -> bool:
        """Whether a row may newly lead to these records of another model."""
        if not keys or areas_of(self.user) is None or not is_led(model):
            return True
        rows = model._base_manager.filter(within(self.user, model), pk__in=keys)
        return rows.count() == len(keys)

    @property
    def sees_all(self) -> bool:
        """Whoever is kept to a language or to kinds of programme sees their own imports alone:
        those of others hold texts that they may not read, and acts that they may not do.
        """
        is_whole = languages_to_write(self.user, self.model) is None
        return is_whole and areas_of(self.user) is None

    def may_see(self, source: Import) -> bool:
        """And with that decide it: what it then writes is asked row by row."""
        return self.may_import and (self.sees_all or source.asked_by_id == self.user.pk)

    @property
    def _hangs(self) -> bool:
        return any(field.name in OWNERS for field in self.model._meta.fields)

    def _has(self, act: str) -> bool:
        options = self.model._meta
        return self.user.is_active and self.user.has_perm(
            f"{options.app_label}.{act}_{options.model_name}"
        )


def rights_of(user: User, model: type[models.Model]) -> Rights:
    return Rights(user, model)
