"""PNG pictures of one width below each other as one. Source: the PNG specification, sections 5 and 9."""

import struct
import zlib
from collections.abc import Iterator, Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXEL = 4  # bytes: red, green, blue and alpha, as resvg writes them
LEVEL = 4  # of compression
_SUB, _AVERAGE, _PAETH = 1, 3, 4


def stacked(pictures: Sequence[bytes]) -> bytes:
    """One picture of several, whose rows stay as they are: only a first row does not refer to the one above it."""
    if len(pictures) == 1:
        return pictures[0]
    compressor, rows, height, header = zlib.compressobj(LEVEL), list[bytes](), 0, b""
    for picture in pictures:
        chunks = list(_chunks(picture))
        header = next(data for kind, data in chunks if kind == b"IHDR")
        width, own_height = struct.unpack(">II", header[:8])
        height += own_height
        data = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
        length = 1 + width * PIXEL
        rows += [compressor.compress(_unfiltered(data[:length])), compressor.compress(data[length:])]
    rows.append(compressor.flush())
    new_header = struct.pack(">II", *struct.unpack(">I", header[:4]), height) + header[8:]
    return SIGNATURE + _chunk(b"IHDR", new_header) + _chunk(b"IDAT", b"".join(rows)) + _chunk(b"IEND", b"")


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The type and the content of each chunk."""
    at = len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _unfiltered(row: bytes) -> bytes:
    """The first row of a picture, which has zeros above it, without a filter."""
    kind, values = row[0], bytearray(row[1:])
    if kind in (_SUB, _AVERAGE, _PAETH):
        for index in range(PIXEL, len(values)):
            left = values[index - PIXEL]
            values[index] = (values[index] + (left // 2 if kind == _AVERAGE else left)) % 256
    return b"\0" + values
