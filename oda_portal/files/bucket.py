"""Files in a bucket that speaks S3. Nobody but the portal reads it: nothing in it is public.

The library's own errors become OSErrors, which is what whoever opens files expects.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from tempfile import SpooledTemporaryFile
from threading import RLock
from typing import Any
from urllib.parse import urljoin

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.cache import caches
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from s3transfer.exceptions import RetriesExceededError
from storages.backends.s3 import S3File, S3Storage

from .staging import StagedFile
from .storages import Reads, StoreError

MEGABYTE = 1024 * 1024
# Seconds. A storage that takes connections and never answers must not hold a request for long.
CONNECT, ANSWER = 2, 8
# How long the size of a file is known without asking: no name ever gets other content.
KNOWN = 24 * 60 * 60


@contextmanager
def _told(name: str) -> Iterator[None]:
    """FileNotFoundError for what is not there, StoreError for all else that goes wrong."""
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(f"{name} is not in the bucket") from error
        code = error.response.get("Error", {}).get("Code", "")
        raise StoreError(f"the object storage refuses {name}: {code}") from error
    except (BotoCoreError, Boto3Error, RetriesExceededError) as error:
        raise StoreError(f"the object storage does not answer: {type(error).__name__}") from error


@cache
def _session(*keys: str | None) -> boto3.Session:
    """12 MB and a tenth of a second, so all stores and threads of a process have the same."""
    return boto3.Session(*keys)


# Making a connection is the one thing that threads may not do at once.
_connecting = RLock()


class _BucketFile(S3File):
    """Fetched when it is first read, into memory or, when it is large, a nameless file."""

    def _fetched(self) -> Any:
        try:
            with _told(self.name):
                return self._get_file()
        except OSError:
            self._file = None  # else what came of it would be read as the whole
            raise

    file = property(_fetched, S3File._set_file)


class Bucket(S3Storage):
    """Private files; `location` stands before each name."""

    is_near = False

    def __init__(self, **options: Any) -> None:
        config = Config(
            connect_timeout=CONNECT,
            read_timeout=ANSWER,
            retries={"mode": "standard", "total_max_attempts": 2},
            signature_version="s3v4",
            # What AWS alone knows how to check is left out where nobody demands it.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        # Below this, a file is one request: whole or not there, and nothing half of it stays.
        transfer = TransferConfig(multipart_threshold=32 * MEGABYTE, use_threads=False)
        super().__init__(
            **options,
            client_config=config,
            transfer_config=transfer,
            max_memory_size=MEGABYTE,
            # Names are random, or say the content.
            file_overwrite=True,
        )

    @property
    def connection(self) -> Any:
        """Each thread has its own."""
        with _connecting:
            return super().connection

    @property
    def bucket(self) -> Any:
        return self.connection.Bucket(self.bucket_name)

    def _create_session(self) -> boto3.Session:
        return _session(self.access_key, self.secret_key, self.security_token)

    # --- what Django asks --------------------------------------------------------------------

    def _open(self, name: str, mode: str = "rb") -> S3File:
        with _told(name):
            return _BucketFile(self._normalize_name(name), mode, self)

    def _save(self, name: str, content: Any) -> str:
        if isinstance(content, StagedFile):
            self._copy(content.stored, name)
            content.taken(self.open(name))
            return name
        with _told(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        """With every version that the bucket keeps of it."""
        with suppress(FileNotFoundError), _told(name):
            key = self._normalize_name(name)
            answer = self._client.delete_object(Bucket=self.bucket_name, Key=key)
            # Of a bucket that keeps versions it was the newest alone.
            if "VersionId" in answer:
                self._delete_versions(key)

    def exists(self, name: str) -> bool:
        with _told(name):
            return super().exists(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _told(name):
            return super().listdir(name)

    def size(self, name: str) -> int:
        """Pages tell it of each document, and must not ask for it each time."""
        with _told(name):
            ask = super().size
            key = f"size:{filepath_to_uri(name)}"
            found = caches["default"].get_or_set(key, lambda: ask(name), KNOWN)
        return int(found or 0)

    def get_modified_time(self, name: str) -> datetime:
        with _told(name):
            return super().get_modified_time(name)

    def url(self, name: str | None, *_more: Any, **_others: Any) -> str:
        raise ValueError("A private file has no address of its own.")

    # --- what the portal asks besides (`storages.Store`) -------------------------------------

    def names(self) -> Iterator[str]:
        with _told(self.location):
            for entry in self._listed("", {}):
                yield entry["Key"].removeprefix(f"{self.location}/")

    def written(self, folder: str) -> Iterator[tuple[str, datetime]]:
        with _told(folder):
            for entry in self._listed(f"{folder}/", {"Delimiter": "/"}):
                yield entry["Key"].removeprefix(f"{self.location}/"), entry["LastModified"]

    def put(self, name: str, file: Reads) -> None:
        # What breaks off is sent once more, from its beginning, which a stream cannot go back to.
        with SpooledTemporaryFile(MEGABYTE, dir=settings.FILE_UPLOAD_TEMP_DIR) as whole:
            shutil.copyfileobj(file, whole, MEGABYTE)
            whole.seek(0)
            with _told(name):
                super()._save(name, File(whole, name))

    def move(self, name: str, to: str) -> None:
        """First it is in both places, so that a kill in between loses nothing."""
        self._copy(name, to)
        self.delete(name)

    def touch(self, name: str) -> None:
        # Without something that is new, nothing is copied onto itself.
        self._copy(name, name, MetadataDirective="REPLACE", ContentType=self.default_content_type)

    def part(self, name: str, start: int, length: int) -> bytes:
        if not length:
            return b""
        wanted = f"bytes={start}-{start + length - 1}"
        with _told(name):
            key = self._normalize_name(name)
            answer = self._client.get_object(Bucket=self.bucket_name, Key=key, Range=wanted)
            with answer["Body"] as body:
                return body.read()

    def has_key(self) -> bool:
        """Whether there is anything to sign questions with."""
        with _told(self.location):
            return self._create_session().get_credentials() is not None

    # --- how ---------------------------------------------------------------------------------

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _listed(self, below: str, more: dict[str, str]) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=f"{self.location}/{below}", **more
        )
        for page in pages:
            # Some programs make an empty object where a folder would be.
            yield from (each for each in page.get("Contents", ()) if each["Key"][-1] != "/")

    def _copy(self, name: str, to: str, **more: str) -> None:
        with _told(name):
            self._client.copy_object(
                Bucket=self.bucket_name,
                Key=self._normalize_name(to),
                CopySource={"Bucket": self.bucket_name, "Key": self._normalize_name(name)},
                **more,
            )

    def _delete_versions(self, key: str) -> None:
        pages = self._client.get_paginator("list_object_versions").paginate(
            Bucket=self.bucket_name, Prefix=key
        )
        for page in pages:
            for each in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                if each["Key"] == key:
                    self._client.delete_object(
                        Bucket=self.bucket_name, Key=key, VersionId=each["VersionId"]
                    )


class PublicBucket(Bucket):
    """Public pictures, under addresses of the portal: it asks each time whether they still are."""

    def url(self, name: str | None, *_more: Any, **_others: Any) -> str:
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name) or "")
