"""The envelope of a backup: an age file (age-encryption.org/v1), written and read in a stream.

The portal knows the public half of a pair of keys, with which files are closed; the secret half,
which opens them, lies elsewhere. So whoever takes the server can read none of its backups. The
format is age's own: `age --decrypt --identity KEY FILE` opens a backup without the portal.

The body is cut into pieces of 64 KiB, each sealed with its number and whether it is the last: a
piece that was altered, moved, left out or cut off is noticed before anything of it is used.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from itertools import pairwise
from typing import IO, NamedTuple

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import bech32
from .errors import DamagedError, RecoveryError, WrongKeyError
from .streams import Writes

VERSION = b"age-encryption.org/v1"
PUBLIC, SECRET = "age", "age-secret-key-"
PIECE = 64 * 1024
_SEAL = 16  # bytes by which a sealed piece is longer
_LINE = 4096  # no line of a head is longer
_MOST_LINES = 100


class Pair(NamedTuple):
    public: str
    secret: str


def new_pair() -> Pair:
    secret = X25519PrivateKey.generate()
    return Pair(
        bech32.encode(PUBLIC, secret.public_key().public_bytes_raw()),
        bech32.encode(SECRET, secret.private_bytes_raw()).upper(),
    )


def public_key(word: str) -> X25519PublicKey:
    """Raises RecoveryError, without the word: somebody may have put the secret half there."""
    try:
        return X25519PublicKey.from_public_bytes(bech32.decode(PUBLIC, word.strip()))
    except ValueError as error:
        raise RecoveryError(
            "BACKUP_KEY is no public key, which begins with age1."
            " `python manage.py backup_keys` makes a pair."
        ) from error


def secret_key(text: str) -> X25519PrivateKey:
    """The secret key in a text as `backup_keys` writes it, with lines of remarks."""
    words = [line.strip() for line in text.splitlines()]
    words = [word for word in words if word and not word.startswith("#")]
    try:
        (word,) = words
        return X25519PrivateKey.from_private_bytes(bech32.decode(SECRET, word))
    except ValueError as error:
        raise RecoveryError(
            "This is no secret key: one line that begins with AGE-SECRET-KEY-1."
        ) from error


class Sealer:
    """What is written here goes sealed into `out`; `close` writes the last piece."""

    def __init__(self, out: Writes, recipients: list[X25519PublicKey]) -> None:
        if not recipients:
            raise RecoveryError("a backup needs at least one key that opens it")
        file_key, nonce = os.urandom(16), os.urandom(16)
        head = b"\n".join([VERSION, *(_stanza(file_key, one) for one in recipients), b"---"])
        out.write(head + b" " + _base64(_mac(file_key, head).finalize()) + b"\n" + nonce)
        self._out = out
        self._seal = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
        self._number = 0
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        # The last piece is full or not; which one it is shows only at the end.
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._held), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._seal.encrypt(_nonce(self._number, last), piece, None))
        self._number += 1


class Opener:
    """Reads what a Sealer wrote; `read` gives nothing that was not found whole."""

    def __init__(self, file: IO[bytes], secret: X25519PrivateKey) -> None:
        file_key = _file_key(file, secret)
        nonce = file.read(16)
        if len(nonce) != 16:
            raise DamagedError("the file is cut short")
        self._file = file
        self._seal = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
        self._number = 0
        self._ahead = file.read(PIECE + _SEAL)
        self._held = b""
        self._at = 0
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        found = []
        wanted = size
        while wanted and (self._at < len(self._held) or self._next()):
            end = len(self._held) if wanted < 0 else self._at + wanted
            part = self._held[self._at : end]
            self._at += len(part)
            wanted -= len(part) if wanted > 0 else 0
            found.append(part)
        return b"".join(found)

    def finish(self) -> None:
        """Read the rest: a file that was cut behind what was wanted is damaged as well."""
        while self._next():
            pass

    def _next(self) -> bool:
        """Open the next piece; False behind the last."""
        if self._ended:
            return False
        sealed, self._ahead = self._ahead, self._file.read(PIECE + _SEAL)
        self._ended = not self._ahead
        try:
            self._held = self._seal.decrypt(_nonce(self._number, self._ended), sealed, None)
        except InvalidTag as error:
            raise DamagedError(
                f"the file is damaged or cut short, some {self._number * PIECE:,} bytes in"
            ) from error
        self._number += 1
        self._at = 0
        return bool(self._held)


def _stanza(file_key: bytes, recipient: X25519PublicKey) -> bytes:
    """The key of the file, for who has the other half of this public key."""
    own = X25519PrivateKey.generate()
    share = own.public_key().public_bytes_raw()
    wrap = _wrapping(own.exchange(recipient), share, recipient)
    wrapped = ChaCha20Poly1305(wrap).encrypt(bytes(12), file_key, None)
    return b"-> X25519 " + _base64(share) + b"\n" + _base64(wrapped)


def _file_key(file: IO[bytes], secret: X25519PrivateKey) -> bytes:
    """The key of the file, out of its head."""
    head, stanzas, mac = _head(file)
    for share, wrapped in stanzas:
        try:
            shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
            wrap = _wrapping(shared, share, secret.public_key())
            file_key = ChaCha20Poly1305(wrap).decrypt(bytes(12), wrapped, None)
        except (InvalidTag, ValueError):
            continue  # it is for somebody else
        try:
            _mac(file_key, head).verify(mac)
        except InvalidSignature as error:
            raise DamagedError("the head of the file was altered") from error
        return file_key
    raise WrongKeyError("This key does not open the file: it was made for another one.")


def _head(file: IO[bytes]) -> tuple[bytes, list[tuple[bytes, bytes]], bytes]:
    """All of the head that its check covers, share and wrapped key of each reader, the check."""
    if file.readline(_LINE) != VERSION + b"\n":
        raise DamagedError("this is no backup of the portal: it does not begin like one")
    lines = [VERSION]
    for _turn in range(_MOST_LINES):
        line = file.readline(_LINE).rstrip(b"\n")
        if line.startswith(b"--- "):
            head = b"\n".join([*lines, b"---"])
            return head, _readers(lines), _unbase64(line[4:])
        lines.append(line)
    raise DamagedError("the head of the file has no end")


def _readers(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    begin = b"-> X25519 "
    return [
        (_unbase64(line[len(begin) :]), _unbase64(body))
        for line, body in pairwise(lines)
        if line.startswith(begin)
    ]


def _wrapping(shared: bytes, share: bytes, recipient: X25519PublicKey) -> bytes:
    salt = share + recipient.public_bytes_raw()
    return _derive(shared, salt, b"age-encryption.org/v1/X25519")


def _derive(secret: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, purpose).derive(secret)


def _mac(file_key: bytes, head: bytes) -> HMAC:
    mac = HMAC(_derive(file_key, b"", b"header"), SHA256())
    mac.update(head)
    return mac


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _base64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _unbase64(text: bytes) -> bytes:
    """Only as `_base64` writes it: another way to say the same would be an altered file."""
    try:
        data = b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError as error:
        raise DamagedError("the head of the file is damaged") from error
    if _base64(data) != text:
        raise DamagedError("the head of the file is damaged")
    return data
