"""Protocol buffers, as far as Prometheus' formats need them: fields by number, in the order written."""

import struct
from collections.abc import Iterable
from functools import lru_cache

VARINT, FIXED64, LENGTH = 0, 1, 2  # wire types


@lru_cache(1 << 14)  # lengths, fields and moments are few
def varint(number: int) -> bytes:
    """An unsigned number, or a negative int32 or int64 as its two's complement."""
    number &= (1 << 64) - 1
    pieces = bytearray()
    while number > 0x7F:
        pieces.append(number & 0x7F | 0x80)
        number >>= 7
    pieces.append(number)
    return bytes(pieces)


def zigzag(number: int) -> int:
    """A number as sint32 or sint64."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def integer(field: int, number: int) -> bytes:
    """A field of an integer or enumeration."""
    return varint(field << 3 | VARINT) + varint(number)


def double(field: int, number: float) -> bytes:
    """A field of a floating-point number."""
    return varint(field << 3 | FIXED64) + struct.pack("<d", number)


def text(field: int, value: str) -> bytes:
    """A field of a string."""
    return message(field, value.encode())


def message(field: int, *parts: bytes) -> bytes:
    """A field of a message, from its fields."""
    content = b"".join(parts)
    return varint(field << 3 | LENGTH) + varint(len(content)) + content


def doubles(field: int, numbers: Iterable[float]) -> bytes:
    """A packed field of floating-point numbers."""
    values = tuple(numbers)
    return message(field, struct.pack(f"<{len(values)}d", *values))


def delimited(content: bytes) -> bytes:
    """A message of a stream, with its length before it."""
    return varint(len(content)) + content
