"""Input about certificates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from oda_portal.privacy.numbers import RefuseResidentNumbers


class NumberForm(forms.Form):
    """The number as it stands on the paper, with or without its hyphens."""

    number = forms.CharField(
        label=_("Certificate number"),
        max_length=60,
        help_text=_("Twelve letters and digits, for example K7QM-F4XW-P2RT."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the number of the certificate.")},
    )


class EndForm(RefuseResidentNumbers, forms.Form):
    """Why a certificate is revoked or reissued."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For the office’s record; nobody outside sees it."),
        error_messages={"required": _("Give a reason.")},
    )
