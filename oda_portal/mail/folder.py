"""The embedded site's mail: every letter is a file in a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from .letters import Letter


class EmailBackend(BaseEmailBackend):
    """Writes `<time>-<Message-ID>.eml` to EMAIL_FILE_PATH, which a mail program can open."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for letter in email_messages:
            self._write(folder, letter)
        return len(email_messages)

    def _write(self, folder: Path, letter: EmailMessage) -> None:
        content = letter.message()
        name = parseaddr(content["Message-ID"])[1].split("@")[0]
        wire = letter.wire if isinstance(letter, Letter) else content.as_bytes()
        # Under its final name a file is whole; a letter that is repeated takes its own place.
        known = next(folder.glob(f"*-{name}.eml"), None)
        path = known or folder / f"{timezone.localtime():%Y%m%d-%H%M%S}-{name}.eml"
        draft = path.with_suffix(".part")
        draft.write_bytes(wire.replace(b"\r\n", b"\n"))
        os.replace(draft, path)
