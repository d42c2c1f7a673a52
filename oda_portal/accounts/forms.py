"""allauth's forms without its placeholders, which say once more what the labels say."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.contrib.auth.hashers import make_password
from django.forms import Form
from django.http import HttpRequest


class _WithoutPlaceholders(Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_WithoutPlaceholders, forms.LoginForm):
    pass


class SignUpForm(_WithoutPlaceholders, forms.SignupForm):
    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            # As long as a new account takes: the time must not tell who has one.
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


class ResetPasswordForm(_WithoutPlaceholders, forms.ResetPasswordForm):
    pass


class NewPasswordForm(_WithoutPlaceholders, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_WithoutPlaceholders, forms.ChangePasswordForm):
    pass
