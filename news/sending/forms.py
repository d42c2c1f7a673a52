"""To whom an article goes, and a few words with it: plain text, and nothing to follow."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oda_portal.privacy.ages import OldEnoughField
from oda_portal.privacy.numbers import RefuseResidentNumbers

LONGEST_NAME, LONGEST_NOTE = 40, 300

# What a mail program would make a link of, or a reader could type: an address of a site or of a
# person, whatever its dots look like. A date (2026. 11. 20.) is none.
_DOT = r"[.\u3002\uff0e\uff61]"
# Letters of the scripts whose sentences follow their own full stop (。) without a space: after it
# they begin a sentence, and end an address only after an ASCII one, where a space belongs.
_EAST = r"\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af"
_END = rf"[^\W\d_{_EAST}]{{2,}}"
# After a figure (1.봉사) it is a list; only ends that are in use make an address of that.
_NAMED = "한국|닷컴|닷넷|삼성|中国|中國|香港|台灣|台湾|公司|网络|みんな"
_LINK = re.compile(
    rf"\w+://|\bwww\b|@|[\w-]{_DOT}(?:{_END}|xn--)"
    rf"|[^\W\d_]\.[{_EAST}]{{2,}}|[\w-]\.(?:{_NAMED})"
    rf"|(?:\d{{1,3}}{_DOT}){{3}}\d",
    re.IGNORECASE,
)
# What does not show by itself: marks upon letters as well, which may stand before the dot.
_FORMATTED = ("Cf", "Cc", "Mn", "Me")


def refuse_links(text: str) -> None:
    """Nobody may send a link of their own under the office's name."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", text)
        if unicodedata.category(letter) not in _FORMATTED or letter in "\n\t"
    )
    if _LINK.search(plain):
        raise ValidationError(
            _(
                "Leave out web and email addresses: only the article’s own link is sent. Put a"
                " space after every full stop."
            ),
            code="link",
        )


def refuse_lines(text: str) -> None:
    """One line of letters: a line break would begin a header of a mail."""
    if not text.isprintable():
        raise ValidationError(
            _("Line breaks and control characters cannot be used here."), code="lines"
        )


def refuse_controls(text: str) -> None:
    if not text.replace("\n", "").isprintable():
        raise ValidationError(_("Control characters cannot be used here."), code="controls")


class AddressField(forms.EmailField):
    """One address; what could be a second one, or a header, is named as what it is."""

    def clean(self, value: Any) -> str:
        refuse_lines(str(value or "").strip(" "))
        return super().clean(value)


class NoteField(forms.CharField):
    def to_python(self, value: Any) -> str:
        # Browsers send two signs for each line break.
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class SendForm(RefuseResidentNumbers, forms.Form):
    to = AddressField(
        label=_("Recipient’s email"),
        max_length=254,
        help_text=_("We use it for this one email and delete it once that is sent."),
        error_messages={"invalid": _("Enter an email address like name@example.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=pgettext_lazy("sender", "Your name (optional)"),
        max_length=LONGEST_NAME,
        required=False,
        validators=[refuse_lines, refuse_links],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    note = NoteField(
        label=_("A short note (optional)"),
        max_length=LONGEST_NOTE,
        required=False,
        help_text=_("Up to 300 characters, without links."),
        validators=[refuse_controls, refuse_links],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    old_enough = OldEnoughField()
    # Not shown: only a program that fills in everything fills this in.
    website = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("website"):
            self.add_error(
                None,
                _("A field that people cannot see was filled in. Press ‘Send’ once more."),
            )
        return cleaned
