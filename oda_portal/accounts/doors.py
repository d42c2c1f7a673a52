"""Which doors a person has come through: signed in, staff, second step."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

from . import second_factor

View = Callable[..., HttpResponseBase]


def has_second_factor(request: HttpRequest) -> bool:
    """Whether the person has a second step set up and gave it in this session."""
    return request.user.is_authenticated and second_factor.was_given(request)


def next_door(request: HttpRequest, *, coming_back_to: str) -> str | None:
    """Where somebody goes before a staff page: to sign in, to set up, to give the second step.

    None when every door is open. What the person may do there is another question.
    """
    if not request.user.is_authenticated:
        door = resolve_url(settings.LOGIN_URL)
    elif has_second_factor(request):
        return None
    elif second_factor.has_set_up(request.user):
        door = _second_step(request)
    else:
        door = reverse("accounts:second_step_needed")
    return f"{door}?{urlencode({'next': coming_back_to})}"


def _second_step(request: HttpRequest) -> str:
    has_app = second_factor.summary(request.user).app  # type: ignore[arg-type]
    return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")


def staff_page(permission: str) -> Callable[[View], View]:
    """A page of the staff outside the back office, for who has this permission.

    Nobody is told about it who signed in and has it not: they get 404. Who is not signed in is
    asked to, as somebody whose time ran out must be.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            user = request.user
            if user.is_authenticated and not (user.is_staff and user.has_perm(permission)):
                raise Http404
            if door := next_door(request, coming_back_to=request.get_full_path()):
                return redirect(door)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
