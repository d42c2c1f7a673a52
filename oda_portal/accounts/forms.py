"""Forms of the account; allauth's without its placeholders, which say the labels once more."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.forms import CharField, ChoiceField, Form, ModelForm, Select, TextInput
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from oda_portal.languages import HTML_LANG
from oda_portal.privacy.ages import OldEnoughField
from oda_portal.privacy.numbers import RefuseResidentNumbers

from .models import User


class _WithoutPlaceholders(Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LanguageSelect(Select):
    """Each language names itself, and says so to who hears the page."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["lang"] = HTML_LANG.get(str(value), "")
        return option


class SignInForm(_WithoutPlaceholders, forms.LoginForm):
    pass


class SignUpForm(_WithoutPlaceholders, forms.SignupForm):
    account_already_exists: bool
    # Not required: without it the language of the page is taken.
    preferred_language = ChoiceField(
        label=_("Preferred language"),
        help_text=_("We will write to you in this language."),
        choices=settings.LANGUAGES,
        required=False,
        widget=LanguageSelect,
    )
    old_enough = OldEnoughField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["preferred_language"].initial = get_language()
        # Password managers look for the password straight below the address.
        self.order_fields(["email", "password1", "password2", "preferred_language", "old_enough"])

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            # As long as a new account takes: the time must not tell who has one.
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            # Who pressed twice was quicker by a moment: this time the account is there.
            self.account_already_exists = True
            return super().try_save(request)


class ResetPasswordForm(_WithoutPlaceholders, forms.ResetPasswordForm):
    pass


class NewPasswordForm(_WithoutPlaceholders, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_WithoutPlaceholders, forms.ChangePasswordForm):
    pass


class ProfileForm(RefuseResidentNumbers, ModelForm):
    name = CharField(
        label=_("Full name"),
        required=False,
        max_length=100,
        widget=TextInput(attrs={"autocomplete": "name"}),
    )
    preferred_language = ChoiceField(
        label=_("Preferred language"), choices=settings.LANGUAGES, widget=LanguageSelect
    )

    class Meta:
        model = User
        fields = ("name", "preferred_language")
