"""The folder for files that have no address of their own."""

import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Outside the public folder. The place is asked for each time: tests have one each."""

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no address of its own.")


def private_storage() -> PrivateStorage:
    return PrivateStorage()
