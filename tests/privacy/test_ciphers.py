"""Encrypted columns: what the database holds, whose keys open it, what nobody can ask."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from oda_portal.privacy.checks import check_field_keys
from oda_portal.privacy.ciphers import CannotDecryptError, decrypt, encrypt, is_current
from oda_portal.secrets import embedded_field_keys, new_field_key


def test_a_text_comes_back_and_is_another_cipher_each_time(settings):
    settings.FIELD_KEYS = [new_field_key()]

    tokens = {encrypt("M12345678 여권"), encrypt("M12345678 여권")}

    assert len(tokens) == 2
    assert {decrypt(token) for token in tokens} == {"M12345678 여권"}
    assert not any("M12345678" in token for token in tokens)


def test_old_keys_still_open_what_they_closed_and_the_first_closes(settings):
    old, new = new_field_key(), new_field_key()
    settings.FIELD_KEYS = [old]
    token = encrypt("건강 정보")

    settings.FIELD_KEYS = [new, old]

    assert decrypt(token) == "건강 정보"
    assert not is_current(token)
    assert is_current(encrypt("건강 정보"))


def test_a_wrong_key_says_so_and_gives_nothing_away(settings):
    settings.FIELD_KEYS = [new_field_key()]
    token = encrypt("비밀")
    settings.FIELD_KEYS = [new_field_key()]

    with pytest.raises(CannotDecryptError, match="No key in FIELD_KEYS") as caught:
        decrypt(token)

    assert token not in str(caught.value)


@pytest.mark.parametrize("change", [lambda t: t[:-8] + "AAAAAAA=", lambda t: "", lambda t: "plain"])
def test_an_altered_cipher_is_not_read(settings, change):
    settings.FIELD_KEYS = [new_field_key()]

    with pytest.raises(CannotDecryptError):
        decrypt(change(encrypt("비밀")))


@pytest.mark.parametrize("keys", [[], ["not a key"]])
def test_without_a_key_nothing_is_written_and_the_check_says_so(settings, keys):
    settings.FIELD_KEYS = keys

    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        encrypt("비밀")

    assert [error.id for error in check_field_keys(None)] == ["privacy.E001"]


def test_the_embedded_key_is_made_once_for_its_owner_only(tmp_path: Path):
    first = embedded_field_keys(tmp_path, allowed=True)

    assert embedded_field_keys(tmp_path, allowed=True) == first
    assert (tmp_path / "field_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["field_key"]
    assert embedded_field_keys(tmp_path, allowed=False) == []


def test_processes_that_start_together_share_one_key(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from oda_portal.secrets import embedded_field_keys;"
        "print(embedded_field_keys(Path(sys.argv[1]), allowed=True)[0])"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, env=os.environ
        )
        for _ in range(4)
    ]

    keys = {process.communicate()[0] for process in running}

    assert len(keys) == 1
    assert len(keys.pop().strip()) == 44
