"""How much mail went out, on the first page of the back office."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy

from oda_portal.desk import days

from ..models import Message, State

days.register(
    days.Chart(
        "mail",
        gettext_lazy("Emails"),
        [
            days.Series(
                pgettext_lazy("emails", "sent"),
                lambda: Message.objects.filter(state=State.SENT),
                "sent_at",
            ),
            days.Series(
                pgettext_lazy("emails", "failed or unknown"),
                lambda: Message.objects.needing_staff(),
                "claimed_at",
            ),
        ],
        lambda user: user.has_perm("mail.view_message") or user.has_perm("mail.change_message"),
        lambda: reverse("admin:mail_message_changelist"),
    )
)
