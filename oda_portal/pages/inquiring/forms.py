"""What a reader fills in to ask the office something."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oda_portal.pages.models import Inquiry
from oda_portal.privacy.ages import OldEnoughField
from oda_portal.privacy.consents import consent_fields, current_texts
from oda_portal.privacy.models import Kind
from oda_portal.privacy.numbers import RefuseResidentNumbers

from .stamps import Verdict, new_stamp, verdict_on

LONGEST = 3000
CONSENT = f"consent_{Kind.INQUIRY}"
EMPTY = gettext_lazy("Fill in this field.")


class InquiryForm(RefuseResidentNumbers, forms.Form):
    """A reader’s question. An email address is asked only where a consent text is in force.

    `website` is a trap for machines: people do not see it. The text has no `maxlength`: a browser
    would cut off the end of what is pasted, and say nothing.
    """

    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        choices=[("", gettext_lazy("Choose one"))],
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy(
            "Up to 3,000 characters. Leave out personal data such as resident registration and"
            " passport numbers, and other people’s names."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": EMPTY},
    )
    email = forms.EmailField(
        label=gettext_lazy("Email (optional)"),
        required=False,
        help_text=gettext_lazy(
            "If you give one, we send the receipt number and the answer there. Without it, you can"
            " read the answer on the page with your receipt number."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": gettext_lazy("Enter an email address, for example name@example.com.")
        },
    )
    old_enough = OldEnoughField()
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["topic"].choices += Inquiry.Topic.choices  # type: ignore[attr-defined]
        self.fields["stamp"].initial = new_stamp()
        self.fields |= consent_fields(current_texts([Kind.INQUIRY]))
        if CONSENT not in self.fields:
            del self.fields["email"]
        # As they stand on the page, which is the order in which errors are listed.
        self.order_fields(["topic", "text", "email", CONSENT, "old_enough"])

    @property
    def consent(self) -> forms.BoundField | None:
        return self[CONSENT] if CONSENT in self.fields else None

    @property
    def fingerprint(self) -> str:
        """The same for a form that is sent twice; another once anything in it is changed."""
        names = ("stamp", "topic", "text", "email")
        whole = "\n".join(self.cleaned_data.get(name, "") for name in names)
        return salted_hmac("oda_portal.pages.inquiry", whole, algorithm="sha256").hexdigest()

    def clean_text(self) -> str:
        # Browsers send two characters for the end of a line.
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        if (over := len(text) - LONGEST) > 0:
            sentence = ngettext(
                "The text is %(over)s character too long. Shorten it and send it again.",
                "The text is %(over)s characters too long. Shorten it and send it again.",
                over,
            )
            raise ValidationError(sentence % {"over": f"{over:,}"}, code="max_length")
        return text

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field must stay empty. Clear it and send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("email") and not cleaned.get(CONSENT) and CONSENT not in self.errors:
            sentence = _(
                "To send the answer there we need your consent. Agree, or clear the email."
            )
            self.add_error(CONSENT, ValidationError(sentence, code="consent"))
        self._judge(cleaned.get("stamp", ""))
        return cleaned

    def _judge(self, stamp: str) -> None:
        verdict = verdict_on(stamp)
        if verdict is Verdict.TOO_QUICK:
            self.add_error(
                None, _("That was very quick. Please check your question and send again.")
            )
        elif verdict is Verdict.NOT_OURS:
            data = cast("QueryDict", self.data).copy()
            data["stamp"] = new_stamp()
            self.data = data
            self.add_error(
                None, _("This page was open for too long. Nothing is lost: please send again.")
            )
