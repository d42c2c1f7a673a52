"""Bech32 (BIP 173): how keys are written, so that a letter that was mistyped is noticed."""

from __future__ import annotations

_LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK = 6  # letters


def encode(prefix: str, data: bytes) -> str:
    """These bytes as a word in small letters."""
    values = _regroup(data, 8, 5, pad=True)
    word = _spread(prefix) + values + [0] * _CHECK
    remainder = _polymod(word) ^ 1
    check = [remainder >> 5 * (_CHECK - 1 - place) & 31 for place in range(_CHECK)]
    return f"{prefix}1{''.join(_LETTERS[value] for value in values + check)}"


def decode(prefix: str, word: str) -> bytes:
    """The bytes of a word with this prefix, all small or all capital; else ValueError."""
    if word not in (word.lower(), word.upper()):
        raise ValueError("small and capital letters are mixed")
    found, mark, rest = word.lower().rpartition("1")
    if not mark or found != prefix or len(rest) < _CHECK or set(rest) - set(_LETTERS):
        raise ValueError(f"not a word that begins with {prefix}1")
    values = [_LETTERS.index(letter) for letter in rest]
    if _polymod(_spread(prefix) + values) != 1:
        raise ValueError("a letter is wrong")
    return bytes(_regroup(values[:-_CHECK], 5, 8, pad=False))


def _spread(prefix: str) -> list[int]:
    return [*(ord(letter) >> 5 for letter in prefix), 0, *(ord(letter) & 31 for letter in prefix)]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, factor in enumerate(_GENERATOR):
            check ^= factor if top >> place & 1 else 0
    return check


def _regroup(data: bytes | list[int], size: int, into: int, *, pad: bool) -> list[int]:
    held = bits = 0
    groups = []
    for value in data:
        held = held << size | value
        bits += size
        while bits >= into:
            bits -= into
            groups.append(held >> bits & (1 << into) - 1)
        held &= (1 << bits) - 1
    if pad and bits:
        groups.append(held << into - bits & (1 << into) - 1)
    elif not pad and (bits >= size or held):
        raise ValueError("bits are left over")
    return groups
