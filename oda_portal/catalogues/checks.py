"""What keeps a catalogue from being complete and right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from babel.messages.catalog import Message as Translation
from django.conf import settings

from .catalogue import COMPLETE, PLURALS, expected, path_of, read, strings, translations
from .extraction import Message

SCRIPTS = {"ko": ("Hangul", re.compile("[가-힣]")), "zh_Hans": ("Hanzi", re.compile("[一-鿿]"))}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


class Problem(NamedTuple):
    locale: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.locale}: {self.what}: {self.text}"


def problems() -> list[Problem]:
    """Everything that is wrong with the catalogues of all languages."""
    return [problem for locale in PLURALS for problem in _problems(locale)]


def exceptions() -> set[str]:
    """Texts that are the same in every script: names, abbreviations, bare figures."""
    path = settings.BASE_DIR / "locale" / "exceptions.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def _problems(locale: str) -> Iterator[Problem]:
    if not path_of(locale).exists():
        if locale in COMPLETE:
            yield Problem(locale, "there is no catalogue", str(path_of(locale)))
        return
    catalog, wanted, same = read(locale), expected(locale), exceptions()
    present = translations(catalog)
    if locale in COMPLETE:
        for key, message in wanted.items():
            if key not in present:
                yield Problem(locale, "missing", message.text)
    for text in [key[1] for key in present if key not in wanted] + [*map(str, catalog.obsolete)]:
        # A package may have learnt the language meanwhile; English may differ from any of them.
        yield Problem(locale, "obsolete", text)
    for key, translation in present.items():
        if key in wanted:
            for what in _faults(locale, wanted[key], translation, same):
                yield Problem(locale, what, key[1])


def _faults(
    locale: str, message: Message, translation: Translation, same: set[str]
) -> Iterator[str]:
    texts = strings(translation)
    if (message.plural is not None) != translation.pluralizable:
        yield "with a plural in one place and without in the other"
    if translation.fuzzy:
        yield "fuzzy"
    if not texts or not all(texts):
        yield "empty"
        return
    # Where a language has no plural, its one form stands for the plural.
    forms = [message.text, message.plural] if len(texts) > 1 else [message.plural or message.text]
    for form, text in zip(forms, texts, strict=True):
        if _placeholders(form or "") != _placeholders(text):
            yield f"other placeholders in “{text}”"
    if locale in SCRIPTS and message.text.strip() not in same:
        script, pattern = SCRIPTS[locale]
        if not all(pattern.search(text) for text in texts):
            yield f"no {script} in “{texts[0]}”"


def _placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text.replace("%%", ""))))
