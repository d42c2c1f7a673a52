"""Line icons, drawn into the page so that they take the colour of the words beside them."""

from django.utils.safestring import SafeString, mark_safe

# What stands inside <svg viewBox="0 0 24 24">; line, width and ends come from the stylesheet.
ICONS = {
    "aa": '<path d="m3 18 5-12 5 12M4.7 14h6.6M15 18l3-7 3 7m-5-2h4"/>',
    "back": '<path d="m15 5-7 7 7 7"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v4m8-4v4"/>',
    "check": '<path d="m5 12 5 5 9-10"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "copy": '<path d="M9 9h11v11H9zM15 9V4H4v11h5"/>',
    "download": '<path d="M12 4v11m-5-4 5 5 5-5M5 20h14"/>',
    "filter": '<path d="M4 6h16M7 12h10M10 18h4"/>',
    "go": '<path d="m9 5 7 7-7 7"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5m0-8v.1"/>',
    "language": (
        '<circle cx="12" cy="12" r="9"/>'
        '<path d="M3 12h18M12 3c3 2.6 4 5.6 4 9s-1 6.4-4 9c-3-2.6-4-5.6-4-9s1-6.4 4-9z"/>'
    ),
    "mail": '<path d="M3 6h18v12H3zm0 1 9 7 9-7"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "people": (
        '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.7-3.6 3-5.5 6.5-5.5s5.8 1.9 6.5 5.5"/>'
        '<path d="M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 15c2.2.7 3.5 2.4 4 5"/>'
    ),
    "pin": (
        '<path d="M12 21c4.5-4.6 7-8.2 7-11.2A7 7 0 0 0 5 9.8C5 12.8 7.5 16.4 12 21z"/>'
        '<circle cx="12" cy="9.8" r="2.5"/>'
    ),
    "print": '<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>',
    "search": '<circle cx="11" cy="11" r="7"/><path d="m20 20-4-4"/>',
    "share": (
        '<circle cx="6" cy="12" r="2.5"/><circle cx="18" cy="6" r="2.5"/>'
        '<circle cx="18" cy="18" r="2.5"/><path d="m8.2 10.9 7.6-3.8M8.2 13.1l7.6 3.8"/>'
    ),
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 20c1-4 4-6 8-6s7 2 8 6"/>',
    "warn": '<path d="M12 4 2.5 20h19zM12 10v4m0 3v.1"/>',
}

# Five faces, very dissatisfied to very satisfied: where the mouth begins, and how it bends.
_FACE = '<circle cx="12" cy="12" r="9"/><path d="M9 9v.1M15 9v.1M8 {mouth} 8 0"/>'
_MOUTHS = ("17q4-5", "16q4-2", "15.5q4 0", "15q4 2", "14q4 5")
ICONS |= {f"face-{score}": _FACE.format(mouth=mouth) for score, mouth in enumerate(_MOUTHS, 1)}


def icon_svg(name: str) -> SafeString:
    """The icon as markup, hidden from screen readers: the words beside it say what it means.

    Raises KeyError for a name that is not in ICONS.
    """
    return mark_safe(  # noqa: S308  (nothing but the constants above)
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        f"{ICONS[name]}</svg>"
    )
