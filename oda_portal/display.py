"""How a reader wants the site to look: ten legal values in a cookie, the same on every page."""

from django.http import HttpRequest

COOKIE = "display"
LETTERS = ("90", "100", "110", "130", "150")
CONTRASTS = ("standard", "high")
STANDARD = ("100", "standard")


def display_of(request: HttpRequest) -> tuple[str, str]:
    """Letters (per cent) and contrast; anything but a legal value is as if there were none."""
    letters, _dot, contrast = request.COOKIES.get(COOKIE, "").partition(".")
    return (letters, contrast) if letters in LETTERS and contrast in CONTRASTS else STANDARD
