"""The second step of signing in: an app's code, a passkey or a recovery code."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.views import AddWebAuthnView
from django import forms
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oda_portal.audit.models import record_transition
from oda_portal.pages.furniture import office
from oda_portal.privacy.ciphers import decrypt, encrypt, is_current
from oda_portal.privacy.numbers import refuse_resident_number
from oda_portal.watching import metrics

if TYPE_CHECKING:
    from .models import User

log = logging.getLogger(__name__)

# What opens by itself; recovery codes only stand in for one of these.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# What allauth has encrypted by our adapter: of an app, and of recovery codes.
_SECRETS = ("secret", "seed")
# A code opens for three half minutes, the one before and the one after counted.
_SECONDS_A_CODE_LIVES = 120


@dataclass
class Summary:
    """What a person has set up."""

    app: Authenticator | None = None
    passkeys: list[Authenticator] = field(default_factory=list)
    codes_left: int | None = None  # None: there are no recovery codes

    @property
    def is_on(self) -> bool:
        return bool(self.app or self.passkeys)


def summary(user: User) -> Summary:
    found = Summary()
    for row in Authenticator.objects.filter(user=user).order_by("pk"):
        if row.type == Authenticator.Type.TOTP:
            found.app = row
        elif row.type == Authenticator.Type.WEBAUTHN:
            found.passkeys.append(row)
        else:
            found.codes_left = len(row.wrap().get_unused_codes())
    return found


def has_set_up(user: User) -> bool:
    return is_mfa_enabled(user, FACTORS)


def was_given(request: HttpRequest) -> bool:
    """Whether this session was opened with the second step, and the person still has one."""
    records = get_authentication_records(request, request.user)
    if not any(record.get("method") == "mfa" for record in records):
        return False
    # A page of the back office asks at its door and for its frame; the answer is one person's.
    known = getattr(request, "_second_step_of", None)
    if known != request.user.pk and has_set_up(request.user):  # type: ignore[arg-type]
        known = request._second_step_of = request.user.pk  # type: ignore[attr-defined]
    return known == request.user.pk


@transaction.atomic
def take_away(user: User, *, by: User) -> None:
    """All that the person set up is gone: for somebody who can no longer give it."""
    Authenticator.objects.filter(user=user).delete()
    record_transition(user, "second_step", "on", "off", by=by)


def write_secrets_anew() -> int:
    """Encrypt with the first key what another one encrypted; how many factors that were."""
    rewritten = 0
    # Locked: a recovery code that is used meanwhile is crossed out in the same column.
    with transaction.atomic():
        for factor in Authenticator.objects.select_for_update().order_by("pk"):
            held = {name: factor.data[name] for name in _SECRETS if name in factor.data}
            old = {name: cipher for name, cipher in held.items() if not is_current(cipher)}
            if old:
                factor.data |= {name: encrypt(decrypt(cipher)) for name, cipher in old.items()}
                factor.save(update_fields=["data"])
                rewritten += 1
    return rewritten


class MFAAdapter(DefaultMFAAdapter):
    """allauth's second factor in the portal's words, its secrets encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong or out of date. Enter the newest one."),
        "unverified_email": _(
            "Confirm your email address first. You can remove addresses that you do not use."
        ),
    }

    def validation_error(self, code: str, *args: Any) -> forms.ValidationError:
        if code == "incorrect_code":
            metrics.SIGN_IN_FAILURES.labels("code").inc()
        return super().validation_error(code, *args)

    def get_totp_issuer(self) -> str:
        return office()["name"]

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": office()["name"]}


class _OnceMixin(forms.Form):
    """A code counts a little before and after its half minute, and opens once all the same."""

    user: User
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The six-digit code from your app, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        code = super().clean_code()  # type: ignore[misc]
        digits = "".join(filter(str.isalnum, code)).lower()
        seen = hashlib.sha256(f"{self.user.pk}:{digits}".encode()).hexdigest()
        if not cache.add(f"second-step:{seen}", 1, timeout=_SECONDS_A_CODE_LIVES):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(_OnceMixin, AuthenticateForm):
    pass


class SecondStepAgainForm(_OnceMixin, ReauthenticateForm):
    pass


class _AnswerMixin(forms.Form):
    """What a browser says for a passkey; anybody may send anything in its place."""

    credential: forms.Field = forms.JSONField(widget=forms.HiddenInput)

    def _clean_fields(self) -> None:
        with self._refusing_nonsense():
            super()._clean_fields()  # type: ignore[misc]

    def _clean_form(self) -> None:
        with self._refusing_nonsense():
            super()._clean_form()  # type: ignore[misc]

    @contextmanager
    def _refusing_nonsense(self) -> Iterator[None]:
        try:
            yield
        except Exception:  # the library's readers fail in as many ways as there is nonsense
            log.warning("a passkey's answer could not be read", exc_info=True)
            self.add_error("credential", get_mfa_adapter().validation_error("incorrect_code"))


class PasskeyForm(_AnswerMixin, AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(_AnswerMixin, ReauthenticateWebAuthnForm):
    pass


class NewPasskeyForm(_AnswerMixin, AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        required=False,
        validators=[refuse_resident_number],
    )


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(
        label=_("Name of the passkey"), max_length=60, validators=[refuse_resident_number]
    )


class SetUpAppForm(ActivateTOTPForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("The six-digit code that the app shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    @property
    def secret_in_fours(self) -> list[str]:
        """The key as a person copies it."""
        return [self.secret[start : start + 4] for start in range(0, len(self.secret), 4)]


class SetUpApp(ActivateTOTPView):
    """Who has just typed a code of the app has given the second step of this session, too."""

    def form_valid(self, form: SetUpAppForm) -> HttpResponse:
        response = super().form_valid(form)
        app = summary(self.request.user).app
        post_authentication(self.request, app)
        return response


class AddPasskey(AddWebAuthnView):
    """The same for a passkey."""

    def form_valid(self, form: forms.Form) -> HttpResponse:
        response = super().form_valid(form)
        post_authentication(self.request, summary(self.request.user).passkeys[-1])
        return response
