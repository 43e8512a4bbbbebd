"""Numbers as JavaScript computes and writes them, which is what Grafana shows.

Sources: ECMA-262 (Number::toString, Number.prototype.toFixed and toExponential, Math.round, StringToNumber) and V8's
base/ieee754.cc and numbers/conversions.cc; tests/panel_data asks Node.
"""

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal

NAN = float("nan")
# V8's Math.pow(10, n) is one unit in the last place above or below 10^n for these n.
_ABOVE = {-39, -29, -24, -23, -21, -20, 29, 34, 39, 49, 58, 61, 111, 126, 165, 166, 169, 225, 273, 274, 275}
_BELOW = {
    -32,
    -17,
    -5,
    -4,
    26,
    36,
    42,
    70,
    95,
    96,
    136,
    142,
    187,
    191,
    215,
    218,
    232,
    242,
    244,
    260,
    279,
    284,
    290,
    294,
}
_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_PREFIXED = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
# What JavaScript trims: white space and ends of lines.
_SPACES = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_EXACT = Context(prec=1200)


def as_float(value: float | int) -> float:
    """The nearest float, infinite where an integer is beyond all of them."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def power_of_ten(exponent: int) -> float:
    """Math.pow(10, exponent)."""
    if exponent > 308:
        return math.inf
    exact = float(f"1e{exponent}")
    if exponent in _ABOVE:
        return math.nextafter(exact, math.inf)
    return math.nextafter(exact, 0) if exponent in _BELOW else exact


def rounded(value: float) -> float:
    """Math.round: half a unit goes up, also below zero."""
    if not math.isfinite(value):
        return value
    floor = math.floor(value)
    return float(floor + 1 if value - floor >= 0.5 else floor)


def remainder(value: float, divisor: float) -> float:
    """The operator %: the sign is the dividend's, NaN where there is no remainder."""
    return math.fmod(value, divisor) if math.isfinite(value) else NAN


def number_text(value: float) -> str:
    """String(value): the fewest digits that are this number, an exponent from 1e21 on and below 1e-6."""
    value = as_float(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("-" if value < 0 else "") + "Infinity"
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + int(exponent)
    if 0 < point <= 21:
        text = text.ljust(point, "0") if len(text) <= point else f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{text}"
    else:
        text = f"{text[0]}{'.' if text[1:] else ''}{text[1:]}e{point - 1:+d}"
    return "-" * sign + text


def exponential_text(value: float, decimals: int | None) -> str:
    """value.toExponential(decimals); where JavaScript refuses the decimals, as many as there are digits."""
    if not math.isfinite(value):
        return number_text(value)
    exact = Decimal(value)
    if decimals is None or not 0 <= decimals <= 100:
        exact, decimals = Decimal(repr(float(value))), None
    else:
        exact = Context(prec=decimals + 1, rounding=ROUND_HALF_UP).plus(exact)
    sign, digits, _ = exact.as_tuple()
    text = "".join(map(str, digits)).rstrip("0") if decimals is None else "".join(map(str, digits))
    text = (text or "0").ljust((decimals or 0) + 1, "0")
    exponent = exact.adjusted() if value else 0
    return f"{'-' if sign and value else ''}{text[0]}{'.' if text[1:] else ''}{text[1:]}e{exponent:+d}"


def hexadecimal_text(value: float) -> str:
    """value.toString(16): digits behind the point until they tell the number from its neighbours."""
    if not math.isfinite(value):
        return number_text(value)
    magnitude = abs(value)
    whole = math.floor(magnitude)
    fraction = magnitude - whole
    delta = max(0.5 * (math.nextafter(magnitude, math.inf) - magnitude), 5e-324)
    digits: list[int] = []
    while fraction >= delta and fraction > 0:
        fraction, delta = fraction * 16, delta * 16
        digits.append(math.floor(fraction))
        fraction -= digits[-1]
        if (fraction > 0.5 or (fraction == 0.5 and digits[-1] & 1)) and fraction + delta > 1:
            while digits and digits[-1] == 15:
                digits.pop()
            if digits:
                digits[-1] += 1
            else:
                whole += 1
            break
    behind = "." + "".join(f"{digit:x}" for digit in digits) if digits else ""
    return f"{'-' if value < 0 else ''}{whole:x}{behind}"


def grouped_text(value: float, least: int = 0, most: int = 3) -> str:
    """Intl.NumberFormat in English with `least` to `most` digits behind the point: 1,234.568."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("-" if value < 0 else "") + "∞"
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP, _EXACT)
    whole, _, fraction = f"{exact:,f}".partition(".")
    fraction = fraction.rstrip("0").ljust(least, "0")
    return f"{whole}.{fraction}" if fraction else whole


def to_number(text: str) -> float:
    """Number(text), NaN where it is no number."""
    text = text.strip(_SPACES)
    if not text:
        return 0.0
    if _DECIMAL.fullmatch(text):
        return float(text)
    return as_float(int(text, 0)) if _PREFIXED.fullmatch(text) else NAN


def parse_float(text: str) -> float:
    """parseFloat(text): the number that a text begins with, NaN where it begins with none."""
    match = _DECIMAL.match(text.lstrip(_SPACES))
    return float(match[0]) if match else NAN
