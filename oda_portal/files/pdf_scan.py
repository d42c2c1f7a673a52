"""Looks through a PDF for anything that acts. A program of its own, started by `pdf`.

A few kilobytes of PDF can ask for gigabytes, and the library that reads it is not written in a
language that checks itself: here both end this process alone. It takes the file on standard input
and prints one word: clean, active, locked or damaged. It knows nothing of the portal.
"""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf

MEMORY = 1024 * 1024 * 1024
SECONDS = 20

# Keys that hold or fetch something to run, or another file.
ACTIVE_KEYS = {
    *("/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/OnInstantiate"),
    *("/RichMediaContent", "/RichMediaSettings"),
}
ACTIVE_VALUES = {
    "/S": {
        *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition"),
        *("/RichMediaExecute", "/Movie", "/Sound"),
    },
    "/Subtype": {"/RichMedia", "/FileAttachment", "/3D", "/Movie", "/Sound", "/Screen"},
    "/Type": {"/EmbeddedFile"},
}


def verdict(data: bytes) -> str:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                return "locked"
            if not len(pdf.pages):
                return "damaged"
            # Object streams are opened here: this walks what a reader would find.
            found = any(is_active(part) for obj in pdf.objects for part in dictionaries(obj))
            return "active" if found else "clean"
    except pikepdf.PasswordError:
        return "locked"
    except Exception:
        # The library has many errors, and none of them makes the file readable.
        return "damaged"


def dictionaries(obj: Any) -> Iterator[Any]:
    """The object's dictionaries down to references, which are objects of their own."""
    waiting = [obj]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Stream):
            current = current.stream_dict
        if isinstance(current, pikepdf.Dictionary):
            yield current
            waiting += [value for _key, value in current.items() if _is_direct(value)]
        elif isinstance(current, pikepdf.Array):
            waiting += [value for value in current if _is_direct(value)]


def _is_direct(value: Any) -> bool:
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def is_active(part: Any) -> bool:
    keys = set(part.keys())
    if keys & ACTIVE_KEYS:
        return True
    if "/OpenAction" in keys and not _only_turns_to_a_page(part["/OpenAction"]):
        return True
    return any(key in keys and str(part[key]) in values for key, values in ACTIVE_VALUES.items())


def _only_turns_to_a_page(action: Any) -> bool:
    """Many programs write at which page and size a document opens; that is no action."""
    if isinstance(action, pikepdf.Dictionary):
        return str(action.get("/S")) == "/GoTo" and "/Next" not in action
    return isinstance(action, pikepdf.Array | pikepdf.Name | pikepdf.String)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.write(verdict(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
