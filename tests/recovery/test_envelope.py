"""The envelope is age's own, opens only with its key, and shows every byte that was altered."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from oda_portal.recovery import bech32
from oda_portal.recovery.envelope import (
    PIECE,
    Opener,
    Sealer,
    new_pair,
    public_key,
    secret_key,
)
from oda_portal.recovery.errors import DamagedError, RecoveryError, WrongKeyError

KEY = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"a key of the tests").digest())
# Made with age 1.1.1 for the public half of KEY.
BY_AGE = b64decode("""
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBGd05XWFVkUUZEeGszcUlPRGpncllMK0FEVXdudzNRSW9Q
KzYwNHUxZXlFCmNrUGEvUGdDMkM5YVFvS0hRY1lXUS9STmM3UUF5ZnhpZlBqUWswSFlOVWcKLS0tIHVzcmVXODEy
OTVCYnpmbFlxNUVFdUhyWkxCZThkMVhvQkwwdE1PUXltZE0Khatia5WMoMlnwGBiM6poxewgDa//uWHJAdN2w+W7
g0HoJUzjkkocfa0Gf5yDAR+JWQXbfwY=
""")


def sealed(data: bytes, *keys: X25519PrivateKey) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, [key.public_key() for key in keys or (KEY,)])
    for at in range(0, len(data), 7000):
        sealer.write(data[at : at + 7000])
    sealer.close()
    return out.getvalue()


def opened(file: bytes, key: X25519PrivateKey = KEY, step: int = 5000) -> bytes:
    opener = Opener(io.BytesIO(file), key)
    return b"".join(iter(lambda: opener.read(step), b""))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_sealed_comes_out_again(size: int):
    data = os.urandom(size)

    assert opened(sealed(data)) == data


def test_a_file_by_age_itself_is_opened():
    assert opened(BY_AGE) == b"closed by age itself\n"


@pytest.mark.skipif(shutil.which("age") is None, reason="age is not installed")
def test_age_itself_opens_our_file(tmp_path: Path):
    pair, data = new_pair(), os.urandom(PIECE + 10)
    (tmp_path / "key").write_text(pair.secret)
    file = sealed(data, secret_key(pair.secret))

    done = subprocess.run(
        ["age", "--decrypt", "--identity", tmp_path / "key"],
        input=file, capture_output=True, check=True,
    )  # fmt: skip

    assert done.stdout == data


def test_each_of_several_keys_opens_it_and_no_other():
    first, second = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    file = sealed(b"content", first, second)

    assert opened(file, first) == opened(file, second) == b"content"
    with pytest.raises(WrongKeyError):
        opened(file, KEY)


def test_every_altered_byte_is_noticed():
    """In head, key and body alike; what is handed out before was still as it was written."""
    file = sealed(b"x" * 100)
    for at in range(len(file)):
        altered = file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]
        with pytest.raises((DamagedError, WrongKeyError)):
            opened(altered)


def test_a_file_that_was_cut_is_noticed_wherever_it_was_cut():
    file = sealed(os.urandom(2 * PIECE + 5))
    body = len(file) - (2 * PIECE + 5) - 3 * 16
    cuts = [*range(body), body + PIECE + 16, body + 2 * (PIECE + 16), len(file) - 1]

    for cut in cuts:
        with pytest.raises(DamagedError):
            opened(file[:cut])


def test_pieces_that_changed_places_or_were_added_are_noticed():
    file = sealed(os.urandom(3 * PIECE))
    step = PIECE + 16
    body = len(file) - 3 * step
    head, first, second, last = (
        file[:body], file[body : body + step], file[body + step : body + 2 * step], file[-step:],
    )  # fmt: skip

    for mixed in (head + second + first + last, head + first + last, file + last, file + b"x"):
        with pytest.raises(DamagedError):
            opened(mixed)


def test_reading_further_than_wanted_finds_a_cut_end():
    file = sealed(os.urandom(2 * PIECE))
    opener = Opener(io.BytesIO(file[:-20]), KEY)
    opener.read(10)

    with pytest.raises(DamagedError):
        opener.finish()


@pytest.mark.parametrize("text", ["", "age1abc", "hello", "AGE-SECRET-KEY-1QQ", "a\nb"])
def test_what_is_no_secret_key_is_refused_without_being_repeated(text: str):
    with pytest.raises(RecoveryError) as refused:
        secret_key(text)

    assert not text or text not in str(refused.value)


def test_a_secret_key_in_place_of_the_public_one_is_refused_without_being_repeated():
    secret = new_pair().secret

    with pytest.raises(RecoveryError) as refused:
        public_key(secret)

    assert secret not in str(refused.value)


def test_a_mistyped_letter_of_a_key_is_noticed():
    word = new_pair().public
    for at in range(4, len(word)):
        other = "q" if word[at] != "q" else "p"
        with pytest.raises(ValueError, match="letter"):
            bech32.decode("age", word[:at] + other + word[at + 1 :])
