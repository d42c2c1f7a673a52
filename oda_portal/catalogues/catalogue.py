"""One catalogue file: read, brought up to date, written, compiled."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Translation
from babel.messages.mofile import write_mo
from babel.messages.pofile import normalize, read_po
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed

from .extraction import Key, Message, messages_in_code, messages_in_packages

# Languages that need every message, and their plurals. English is the source: its catalogue has
# only what British usage says otherwise than a package.
COMPLETE = {"ko": "nplurals=1; plural=0;", "zh_Hans": "nplurals=1; plural=0;"}
PLURALS = COMPLETE | {"en": "nplurals=2; plural=(n != 1);"}


def path_of(locale: str) -> Path:
    return settings.BASE_DIR / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(locale: str) -> Catalog:
    path = path_of(locale)
    if not path.exists():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file)


def translations(catalog: Catalog) -> dict[Key, Translation]:
    """What a catalogue holds by context and text, its header left out."""
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): message
        for message in catalog
        if message.id
    }


def strings(translation: Translation | None) -> list[str]:
    """The translation's forms: one, or as many as the language has plurals."""
    found = translation.string if translation else None
    return [found] if isinstance(found, str) else list(found or [])


def expected(locale: str) -> dict[Key, Message]:
    """Every message that the language needs: ours, then what packages leave to us or say badly."""
    ours = messages_in_code()
    theirs = messages_in_packages(locale, overridden=translations(read(locale)))
    return ours | {key: message for key, message in theirs.items() if key not in ours}


def update(locale: str) -> int:
    """Add what is missing without a translation, drop what is no longer said; how many lack one."""
    present = translations(read(locale))
    wanted = expected(locale)
    if locale not in COMPLETE:
        wanted = {key: message for key, message in wanted.items() if key in present}
    parts = [_header(locale)]
    parts += [_entry(message, present.get(key), locale) for key, message in wanted.items()]
    path = path_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(parts), encoding="utf-8")
    return sum(not any(strings(present.get(key))) for key in wanted)


def _header(locale: str) -> str:
    lines = {
        "Project-Id-Version": "oda-portal",
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[locale],
    }
    shown = "".join(f'"{name}: {value}\\n"\n' for name, value in lines.items())
    return f'msgid ""\nmsgstr ""\n{shown}'


def _entry(message: Message, translation: Translation | None, locale: str) -> str:
    """A message as it stands in the file, every text on one line."""
    texts = strings(translation)
    lines = [f"# {comment}" for comment in (translation.user_comments if translation else [])]
    lines += [f"#: {place}" for place in message.places]
    if translation and translation.fuzzy:
        lines.append("#, fuzzy")
    if message.context is not None:
        lines.append(f"msgctxt {normalize(message.context, width=0)}")
    lines.append(f"msgid {normalize(message.text, width=0)}")
    if message.plural is None:
        lines.append(f"msgstr {normalize(texts[0] if texts else '', width=0)}")
    else:
        lines.append(f"msgid_plural {normalize(message.plural, width=0)}")
        for index in range(2 if locale == "en" else 1):
            text = texts[index] if index < len(texts) else ""
            lines.append(f"msgstr[{index}] {normalize(text, width=0)}")
    return "\n".join(lines) + "\n"


def compile_catalogues() -> list[Path]:
    """Make the .mo beside every .po that is newer than it; which were made.

    This process says from now on what they hold, whatever it has read before.
    """
    made = []
    for source in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file)
        # Into place in one step: a process that starts meanwhile reads the old one or the new.
        with NamedTemporaryFile(dir=target.parent, delete=False) as unfinished:
            write_mo(unfinished, catalog)
        Path(unfinished.name).chmod(0o644)
        os.replace(unfinished.name, target)
        translation_file_changed(sender=None, file_path=target)
        made.append(target)
    return made
