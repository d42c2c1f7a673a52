"""What of a request decides how a public page looks: the reader's letters, and a session.

Letters and contrast have ten legal values in a cookie, the same on every page.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COOKIE = "display"
# What readers choose from; values also stand in `data-letters` and `data-contrast` of the page.
LETTERS = {
    "90": pgettext_lazy("text size", "Small"),
    "100": pgettext_lazy("text size", "Standard"),
    "110": pgettext_lazy("text size", "Slightly larger"),
    "130": pgettext_lazy("text size", "Large"),
    "150": pgettext_lazy("text size", "Extra large"),
}
CONTRASTS = {
    "standard": pgettext_lazy("contrast", "Standard"),
    "high": _("High contrast"),
}
STANDARD = ("100", "standard")


def display_of(request: HttpRequest) -> tuple[str, str]:
    """Letters (per cent) and contrast; anything but a legal value is as if there were none."""
    letters, _dot, contrast = request.COOKIES.get(COOKIE, "").partition(".")
    return (letters, contrast) if letters in LETTERS and contrast in CONTRASTS else STANDARD


def has_session(request: HttpRequest) -> bool:
    """Whether “My page” stands above, and not “Sign in”: no public page looks into the session."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES
