"""Which messages there are to translate."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from django.apps import apps
from django.conf import settings
from django.utils.translation import TranslatorCommentWarning
from django.utils.translation.template import templatize

# Positions of the arguments of each function: context, singular, plural.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
LAZY = {f"{name}_lazy": positions for name, positions in FUNCTIONS.items() if name != "_"}
FUNCTIONS |= LAZY | {"gettext_noop": FUNCTIONS["gettext"]}

OURS = ("oda_portal", "partners", "programs", "volunteers", "forums", "news", "templates")
# Packages whose texts people meet, and the parts of them that the portal shows. Our catalogues
# hold what these packages' own leave untranslated, and better words for some that they have.
PACKAGES = {
    "allauth": ("account/**/*.py", "templates/account/**/*", "templates/allauth/**/*"),
    "django.contrib.admin": ("**/*.py", "templates/**/*"),
    "django.contrib.auth": ("forms.py", "password_validation.py", "templates/**/*"),
    "django.core": ("validators.py",),
    "django.forms": ("*.py",),
    "django_filters": ("**/*.py", "templates/**/*"),
    "simple_history": ("**/*.py", "templates/**/*"),
}

Key = tuple[str | None, str]


@dataclass(frozen=True)
class Message:
    """A text to translate; `places` are files, without lines, so that diffs stay small."""

    context: str | None
    text: str
    plural: str | None = None
    places: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return self.context, self.text


def messages_in_code() -> dict[Key, Message]:
    """What our own code and templates say, in the order of files and of lines."""
    files = (path for name in OURS for path in sorted((settings.BASE_DIR / name).rglob("*")))
    return _collected(files, settings.BASE_DIR)


def messages_in_packages(locale: str, overridden: Container[Key] = ()) -> dict[Key, Message]:
    """What the packages say for which no catalogue but ours could have a translation.

    And what they translate themselves, but our catalogue has `overridden` with better words.
    """
    translated = _translated_by_packages(locale)
    found: dict[Key, Message] = {}
    for package, patterns in PACKAGES.items():
        folder = _folder(package)
        files = (path for pattern in patterns for path in sorted(folder.glob(pattern)))
        for key, message in _collected(files, folder).items():
            if key not in translated or key in overridden:
                found.setdefault(key, Message(*key, message.plural, (package,)))
    return found


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ImportError(package)
    return Path(spec.origin).parent


def _collected(files: Iterable[Path], base: Path) -> dict[Key, Message]:
    found: dict[Key, Message] = {}
    for path in files:
        if not path.is_file() or {"migrations", "tests", "facts"} & set(path.parts):
            continue
        place = path.relative_to(base).as_posix()
        for message in messages_of(path):
            known = found.get(message.key, message)
            places = tuple(dict.fromkeys((*known.places, place)))
            found[message.key] = Message(*message.key, known.plural or message.plural, places)
    return found


def messages_of(path: Path) -> Iterator[Message]:
    """The messages of one file: Python, or a template."""
    if path.suffix == ".py":
        yield from _of_python(path.read_text(encoding="utf-8"))
    elif path.suffix in {".html", ".txt", ".svg", ".xml"}:
        yield from _of_template(path.read_text(encoding="utf-8"))


def _of_python(code: str) -> Iterator[Message]:
    # Parsed and not tokenised: Babel's own reader takes any strings inside the call for the text.
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if name in FUNCTIONS:
            texts = [_constant(call.args, position) for position in FUNCTIONS[name]]
            if texts[1] is not None:
                yield Message(texts[0], texts[1], texts[2])


def _constant(arguments: list[ast.expr], position: int | None) -> str | None:
    if position is None or position >= len(arguments):
        return None
    node = arguments[position]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _of_template(source: str) -> Iterator[Message]:
    with warnings.catch_warnings():
        # Of a note to translators that stands before the end of its line: no message is lost.
        warnings.simplefilter("ignore", TranslatorCommentWarning)
        calls = templatize(source)
    # Only the calls are left of the template; its indents mean nothing to Python.
    lines = "\n".join(line.strip() for line in calls.splitlines())
    keywords = {name: _babel_keyword(*positions) for name, positions in FUNCTIONS.items()}
    for _line, found, _comments, context in extract("python", BytesIO(lines.encode()), keywords):
        texts = (found, None) if isinstance(found, str) else found
        yield Message(context, *texts)


def _babel_keyword(context: int | None, singular: int, plural: int | None) -> tuple:
    """The same positions as Babel counts them: from one, and the context marked."""
    first: tuple = () if context is None else ((context + 1, "c"),)
    return (*first, singular + 1) if plural is None else (*first, singular + 1, plural + 1)


def _translated_by_packages(locale: str) -> set[Key]:
    """Messages that Django or an installed package has in this language."""
    folders = [_folder("django") / "conf" / "locale"]
    for app in apps.get_app_configs():
        if settings.BASE_DIR not in Path(app.path).parents or "site-packages" in app.path:
            folders.append(Path(app.path) / "locale")
    found = set()
    for folder in folders:
        path = folder / locale / "LC_MESSAGES" / "django.mo"
        if path.exists():
            with path.open("rb") as file:
                found |= {_key(message) for message in read_mo(file) if message.id}
    return found


def _key(message: object) -> Key:
    """Babel gives the context as it lies in the file, and plurals as a list."""
    context, text = message.context, message.id  # type: ignore[attr-defined]
    if isinstance(context, bytes):
        context = context.decode()
    return context, text if isinstance(text, str) else text[0]
