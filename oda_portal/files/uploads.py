"""How uploads arrive: in a nameless temporary file, and never more of them than is allowed.

A file past the limit is read to its end and thrown away, so that the other fields of the form
arrive and its field can say what is wrong.
"""

from __future__ import annotations

import io
import logging
import tempfile
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from .staging import StagedFile

logger = logging.getLogger(__name__)


class CappedUpload(UploadedFile):
    """`size` is what was sent; with `is_cut` or `is_unstored` the content is not there."""

    is_cut = False
    is_unstored = False
    # What was made of it while the form was checked.
    checked: StagedFile | None = None

    def close(self) -> None:
        """Called by Django at the end of the request: what no row took by then goes too."""
        super().close()
        if self.checked is not None:
            self.checked.discard()


class CappedUploadHandler(FileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.is_cut = self.is_unstored = False
        self.part: IO[bytes] | None = None
        try:
            # It has no name on disk: a killed process leaves nothing behind.
            self.part = tempfile.TemporaryFile(  # noqa: SIM115  (the upload closes it)
                dir=settings.FILE_UPLOAD_TEMP_DIR
            )
        except OSError:
            self._give_up()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > settings.UPLOAD_MAX_BYTES:
            self.is_cut = True
            self._drop()
        elif self.part is not None:
            try:
                self.part.write(raw_data)
            except OSError:
                self._give_up()

    def file_complete(self, file_size: int) -> CappedUpload:
        self._flush()
        upload = CappedUpload(
            file=self.part or io.BytesIO(),
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
        upload.is_cut, upload.is_unstored = self.is_cut, self.is_unstored
        upload.seek(0)
        return upload

    def upload_interrupted(self) -> None:
        self._drop()

    def _flush(self) -> None:
        if self.part is not None:
            try:
                self.part.flush()
            except OSError:
                self._give_up()

    def _give_up(self) -> None:
        """The disk takes no more; the form says so, and the log says why."""
        logger.exception("An upload could not be stored")
        self.is_unstored = True
        self._drop()

    def _drop(self) -> None:
        """Close the temporary file, which frees what it held."""
        part, self.part = self.part, None
        if part is not None:
            _close(part)


def _close(part: IO[bytes]) -> None:
    try:
        part.close()
    except OSError:
        # Closing writes what is buffered, which a full disk refuses; it is closed even so.
        logger.warning("An upload could not be written while it was thrown away")
