"""allauth's forms without its placeholders, which say once more what the labels say."""

from __future__ import annotations

from typing import Any

from allauth.account import forms
from django.forms import Form


class _WithoutPlaceholders(Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_WithoutPlaceholders, forms.LoginForm):
    pass


class SignUpForm(_WithoutPlaceholders, forms.SignupForm):
    pass


class ResetPasswordForm(_WithoutPlaceholders, forms.ResetPasswordForm):
    pass


class NewPasswordForm(_WithoutPlaceholders, forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(_WithoutPlaceholders, forms.ChangePasswordForm):
    pass
