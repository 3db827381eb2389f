"""A promise's short reference, such as K7Q2M: a reversible scramble of its id.

Consecutive promises get unlike references, so that one misheard letter does not open the
neighbour's promise. It hides nothing: who may see a promise is decided by `visible_to`.
"""

from __future__ import annotations

# Crockford's alphabet leaves out I, L, O and U, which are misread or misheard.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011")
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]  # of ten bits each
_PLACES = {bits: range(bits // 10 * 10 - 10, -1, -10) for bits in range(25, 70, 5)}  # of the pairs
_ODD = 0x9E3779B1
_SHORTEST = 5


def write(pk: int) -> str:
    """The reference of an id from 0; five characters up to 33 million promises, then more.

    Its steps stand here one by one, because an export asks a million times.
    """
    bits = 5 * _length(pk)
    mask, half = (1 << bits) - 1, bits // 2 + 1
    number = pk * _ODD & mask
    number ^= number >> half
    number = number * _ODD & mask
    number ^= number >> half
    written = ALPHABET[number >> bits - 5] if bits % 10 else ""
    for place in _PLACES[bits]:
        written += _PAIRS[number >> place & 1023]
    return written


def read(reference: str) -> int | None:
    """The id behind a reference as somebody typed it, or None if it is not one."""
    letters = reference.strip().upper().translate(_MISREAD)
    if not _SHORTEST <= len(letters) <= 12 or any(letter not in ALPHABET for letter in letters):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    pk = _unscramble(number, bits=5 * len(letters))
    return pk if _length(pk) == len(letters) else None


def _length(pk: int) -> int:
    length = _SHORTEST
    while pk >> 5 * length:
        length += 1
    return length


def _unscramble(number: int, *, bits: int) -> int:
    mask, half = (1 << bits) - 1, bits // 2 + 1
    inverse = pow(_ODD, -1, 1 << bits)
    for _ in range(2):
        number ^= number >> half  # its own inverse, because the shift passes the middle
        number = number * inverse & mask
    return number
