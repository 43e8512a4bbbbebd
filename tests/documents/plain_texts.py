"""Texts, and how Helm reads them where they are not quoted: as Go's sigs.k8s.io/yaml, which kubectl has as well."""

import json
from typing import Any

# What `helm template` prints, 4.3 and 3.17 alike, and the texts for which it does.
TABLE = """
true: y Y yes Yes YES on On ON true True TRUE
false: n N no No NO off Off OFF false False FALSE
null: ~ null Null NULL
1000: 1e3 1E3 1e+3 1.e3 1_000 1_e3
1500: 1.5e3 1.5e+03
0.001: 1e-3
0: 0 00 -0 0.0 0e0
1: 1 +1 1. 1_ +_1 0b_1_
-1: -1 -_1 0b-1
3: 0B11
-3: -0b11
5: 5. 0b101 .5e1
7: 007 0_7
8: 08
9: 09
10: 1__0
15: 017 0o17 +0o17 0O17 0o1_7 0_17
-15: -017 -0o17
31: 0x1F 0X1f +0x1f 0x_1f 0x1_F
511: 0777
912: 0912
10000000000: 1e1_0
18446744073709551615: 18446744073709551615
18446744073709551616: 18446744073709551616
-9223372036854775809: -9223372036854775809
777777777777777777777777: 0777777777777777777777777
0.5: .5 +.5 +_.5
-0.5: -.5
1.2: 1.2
1.5: 1.5 +1.5 1.5_0 1_.5
10.5: 1_0.5
"""
PLAIN: dict[str, Any] = {
    text: json.loads(value)
    for value, _, texts in (line.partition(": ") for line in TABLE.strip().splitlines())
    for text in texts.split()
}
# Those that stay texts.
TEXTS = (
    *("tRue", "yEs", "oN", "nULL", "nil", "None", "t", "f", "T", ".", "..", "+", "_1", "--1", "1-", "-.", "e3", ".e3"),
    *("1e", "0.1e", "1e400", "._5", ".5_", "0x", "0b", "0o", "0b2", "0xg", "0o8", "0x-1", "0x1p4", "1.2.3", "1,000"),
    *("0xffffffffffffffffff", "0o-17", "-0b", "inf", "nan", ".iNF", "1:2", "12:30:45", "1:20.5", "+12:30", "=", "٣"),
    *("2001-01-01", "2001-1-1", "2001-01-01T00:00:00Z", "2001-01-01 00:00:00", "10.0.0.1", "1\xa0"),
)
# Those that cannot be written without quotes, or that Helm then refuses.
QUOTED = (
    *(
        "",
        " ",
        " a",
        "a ",
        "-",
        "- a",
        "?",
        "? a",
        ":",
        "a: b",
        "a:",
        "a #b",
        "#",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@",
        "`",
    ),
    *(
        "{",
        "}",
        "[",
        "]",
        ",",
        '"',
        "'",
        "\\",
        "a\nb",
        "\n",
        "a\n",
        "\ta",
        "a\t",
        "\r",
        "\x07",
        "\x7f",
        "\x85",
        "a\x85b",
    ),
    *("\u2028", "a\u2028b", "\u2029", "\ufeff", "\u00a0", "\U0001f600", "a\U0001f600: b", "<<", "---", "--- a", "..."),
    *(".inf", "-.Inf", ".nan", "\\ud83d", "ä", "x" * 200, "a b " * 60, "\x1b[0m", "null\n", "1\n"),
)
ALL_TEXTS = tuple(dict.fromkeys((*PLAIN, *TEXTS, *QUOTED)))
ODD: dict[str, Any] = {
    "values": list(ALL_TEXTS),
    "keys": {text: text for text in ALL_TEXTS},
    "nested": [{"y": {"n": ["1e3"]}}],
}


def json_type(value: Any) -> tuple[str, Any]:
    """A value with its type in JSON, since True equals 1 in Python; all numbers are floats, as in Helm."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return ("number", float(value)) if is_number else (type(value).__name__, value)
