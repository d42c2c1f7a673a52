"""Nothing of a child is kept before a parent or guardian has agreed: every open form asks."""

from __future__ import annotations

from typing import Any

from django.forms import BooleanField
from django.utils.translation import gettext_lazy as _


class OldEnoughField(BooleanField):
    """A box to tick in each form that takes personal data from whoever has no account.

    Without the tick such a form is not valid, so that nothing of it is kept; its error says what
    to do instead. No birth date is asked: the answer alone is enough, and nobody keeps it either.
    """

    default_error_messages = {
        "required": _(
            "Tick this box if you are 14 or older. If you are under 14, ask a parent or guardian"
            " to telephone or write to the office. We have kept nothing of what you entered."
        )
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("I am 14 or older"), **kwargs})
