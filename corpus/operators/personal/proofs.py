"""What tells a real address, number or secret from one that only looks like it."""

from __future__ import annotations

import ipaddress
import math
import re
from collections import Counter
from typing import Final

RESERVED: Final = re.compile(
    r"(?:^|\.)(?:example\.(?:com|net|org|edu)|example|test|invalid|localhost|local|localdomain"
    r"|internal|lan|home|corp|domain|arpa)$|^(?:host(?:name)?|domain|server|mail|your-?domain|company)\.\w+$"
)
UNITS: Final = frozenset(
    ("service", "socket", "target", "mount", "timer", "slice", "scope", "path", "device", "py",
     "conf", "txt", "html", "so", "git")
)  # fmt: skip
"""What stands behind a dot after `@` in names of units and files."""
NOBODY: Final = frozenset(
    ("git", "noreply", "no-reply", "donotreply", "user", "username", "name", "passwd", "password")
)
PLACEHOLDERS: Final = frozenset(
    (
        "pass",
        "password",
        "passwd",
        "pwd",
        "secret",
        "pw",
        "port",
        "8080",
        "xxx",
        "***",
        "passphrase",
    )
)
CARD_TESTS: Final = frozenset(
    ("4111111111111111", "4242424242424242", "4012888888881881", "5555555555554444",
     "5105105105105100", "378282246310005", "371449635398431", "6011111111111117",
     "6011000990139424", "30569309025904", "38520000023237", "3530111333300000", "4222222222222")
)  # fmt: skip
CARD: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"
    r"|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}"
)
GROUPED: Final = re.compile(r"\d+|\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{4,5}")
VERSION: Final = re.compile(
    r"(?:\bv|\bversions?|\brelease|\bsection|\brfc|\boid|版本|版|第)[\s:=,]{0,3}$", re.IGNORECASE
)
KNOWN_ADDRESSES: Final = frozenset(
    ("1.1.1.1", "1.2.3.4", "4.3.2.1", "8.8.4.4", "8.8.8.8", "9.9.9.9")
)
SSN_EXAMPLES: Final = frozenset(("078-05-1120", "123-45-6789", "219-09-9999", "111-22-3333"))


def is_key_body(match: re.Match[str]) -> bool:
    """A key has a body of base64; a page about keys has an ellipsis."""
    return any(len(run) >= 40 for run in re.findall(r"[A-Za-z0-9+/=]+", match["body"]))


def is_random(match: re.Match[str]) -> bool:
    """The part behind the prefix was drawn, not written: `xxxx` and `EXAMPLE` were not."""
    body = next(part for part in match.groups() if part)
    return bits_a_char(body) >= 3 and "example" not in body.lower() and not body.isalpha()


def bits_a_char(text: str) -> float:
    """The Shannon entropy of the characters of a text that is not empty."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def is_password(match: re.Match[str]) -> bool:
    """A user and a password in a URL, unless it says that it is one."""
    secret = match["secret"].lower()
    return secret not in PLACEHOLDERS and not secret.startswith(("$", "%", "pass", "your"))


def is_address(match: re.Match[str]) -> bool:
    """An e-mail address that may be somebody's."""
    domain, local = match["domain"].lower(), match["local"].lower()
    if RESERVED.search(domain) or match["top"].lower() in UNITS or local in NOBODY:
        return False
    return ".." not in local and not local.endswith(".") and not domain.replace(".", "").isdigit()


def is_iban(match: re.Match[str]) -> bool:
    """The remainder by 97 is 1 (ISO 13616)."""
    text = match[0].replace(" ", "")
    moved = text[4:] + text[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def is_national(match: re.Match[str]) -> bool:
    """The checksum of the country; numbers without one are not known examples."""
    if text := match["cn"]:
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(digit) * weight for digit, weight in zip(text, weights, strict=False))
        return "10X98765432"[total % 11] == text[-1].upper()
    if text := match["us"]:
        return text not in SSN_EXAMPLES
    if text := match["es"]:
        return "TRWAGMYFPDXBNJZSQVHLCKE"[int(text[:8]) % 23] == text[-1]
    if text := match["fr"]:
        digits = text.replace(" ", "")
        return 97 - int(digits[:13]) % 97 == int(digits[13:])
    return True


def is_card(match: re.Match[str]) -> bool:
    """A card network's prefix and length, digits grouped as on cards, Luhn's checksum."""
    digits = re.sub(r"\D", "", match[0])
    if not CARD.fullmatch(digits) or not GROUPED.fullmatch(match[0]):
        return False
    return luhn(digits) and digits not in CARD_TESTS and len(set(digits)) > 3


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1)."""
    values = [int(digit) for digit in reversed(digits)]
    doubled = (value * 2 - 9 * (value > 4) for value in values[1::2])
    return (sum(values[::2]) + sum(doubled)) % 10 == 0


def is_phone(match: re.Match[str]) -> bool:
    """As many digits as a number has, and neither a fiction's nor made of one digit."""
    digits = re.sub(r"\D", "", match[0])
    bare = match[0][1:].isdigit()  # +2147483647 is a number, and so are others of that size
    if match["world"] and not (11 if bare else 9) <= len(digits) <= 15:
        return False
    if re.search(r"55501\d\d$", digits) or re.search(r"(\d)\1{5}|12345678|87654321", digits):
        return False
    return not (match["us"] and match["us"].count(".") == 1)


def is_public_address(match: re.Match[str]) -> bool:
    """An address of the global internet that is neither a version nor everybody's."""
    text = match["four"] or match["six"]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or text in KNOWN_ADDRESSES:
        return False
    if match["six"]:
        return text[0] in "23" and len([group for group in text.split(":") if group]) >= 4
    octets = [int(part) for part in text.split(".")]
    before = match.string[max(0, match.start() - 16) : match.start()]
    is_host = octets[0] >= 1 and octets[3] not in {0, 255}
    return is_host and max(octets) >= 32 and not VERSION.search(before)
