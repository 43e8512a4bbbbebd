"""Decode bytes as UTF-8, with or without a byte order mark."""

import codecs
import re

from dashboards_py.errors import DashboardsError

# The longer byte order marks come first: that of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
SURROGATE = re.compile("[\ud800-\udfff]")


def decode(content: bytes, name: str) -> str:
    """Decode UTF-8; for others raises DashboardsError with the encoding or the first invalid byte."""
    encoding = next((encoding for mark, encoding in MARKS if content.startswith(mark)), "")
    if not encoding and b"\0" in content[:4]:  # detection as in RFC 4627: JSON and YAML begin with ASCII
        encoding = "UTF-32" if b"\0\0" in content[:4] and len(content) % 4 == 0 else "UTF-16"
    if encoding:
        fix = f"convert it: iconv -f {encoding} -t UTF-8 (PowerShell's > writes UTF-16: use Out-File -Encoding utf8)"
        raise DashboardsError(name, cause=f"is {encoding}, or not text at all, but must be UTF-8", fix=fix)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        cause = f"is not text in UTF-8: byte 0x{content[error.start]:02x} in line {line}"
        raise DashboardsError(name, cause=cause, fix="save it as UTF-8") from error


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which cannot be encoded, with U+FFFD, as Go's encoding/json does."""
    return SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
