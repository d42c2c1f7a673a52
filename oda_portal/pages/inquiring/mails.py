"""The mails about an inquiry, to whoever left an address for them.

Both open the answer, so that what they say is kept under a cipher and wiped once sent: whoever may
look at mails need not be one of those who may look at inquiries.
"""

from __future__ import annotations

import json
from datetime import date

from django.conf import settings
from django.utils import formats, translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import path_in
from oda_portal.mail.kinds import Kind, register
from oda_portal.mail.models import Message
from oda_portal.mail.outbox import post
from oda_portal.pages.models import Inquiry
from oda_portal.publishing.texts import day

GROUP = _("Inquiries")
EXAMPLE_DAY = lazy(lambda: formats.date_format(date(2026, 12, 4), "DATE_FORMAT"), str)()
CODE, SEE = _("the receipt number"), _("See my question")
EXAMPLE_CODE = "K7MP-4XQ2-9RTD"


def register_all() -> None:
    register(
        Kind(
            name="inquiry_received",
            label=_("Inquiry received"),
            group=GROUP,
            placeholders={"code": CODE, "date": _("the day by which we answer")},
            sample={"code": EXAMPLE_CODE, "date": EXAMPLE_DAY},
            button=SEE,
            secret=True,
        )
    )
    register(
        Kind(
            name="inquiry_answered",
            label=_("Answer to an inquiry"),
            group=GROUP,
            placeholders={"code": CODE, "answer": _("the answer")},
            sample={
                "code": EXAMPLE_CODE,
                "answer": _("The next call opens in March. It will be on this site."),
            },
            required=("answer",),
            button=SEE,
            secret=True,
        )
    )


def received(inquiry: Inquiry) -> None:
    with translation.override(inquiry.language):
        context = {"code": inquiry.receipt, "date": day(inquiry.due_on), "link": _link(inquiry)}
    _post("inquiry_received", inquiry, context)


def answered(inquiry: Inquiry) -> None:
    _post("inquiry_answered", inquiry, _answer_context(inquiry, inquiry.answer))


def answer_to_preview(inquiry: Inquiry, text: str) -> Message:
    """The mail that this answer would become; nobody saves it."""
    return Message(
        kind="inquiry_answered",
        language=inquiry.language,
        sealed_context=json.dumps(_answer_context(inquiry, text)),
    )


def _answer_context(inquiry: Inquiry, text: str) -> dict[str, str]:
    return {"code": inquiry.receipt, "answer": text, "link": _link(inquiry)}


def _link(inquiry: Inquiry) -> str:
    return settings.SITE_URL + path_in(inquiry.get_absolute_url(), inquiry.language)


def _post(kind: str, inquiry: Inquiry, context: dict[str, str]) -> None:
    if inquiry.email:
        post(
            kind,
            to=inquiry.email,
            language=inquiry.language,
            context=context,
            once=f"{kind}:{inquiry.pk}",
            about=inquiry,
        )
