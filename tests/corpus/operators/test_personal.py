"""What is personal or secret is masked by kind; what is set aside for examples stays."""

import random
import string
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.operators.personal import Masks, find

BODY = "MIIEpAIBAAKCAQEA7bq7W4vYxk1Zr0C9sJ3nQh5tUeXyPz8LmDgKfVwRaOi2cHjN"
AWS, GITHUB = "AKIA" + "J4XQ7ZP2MLD5RT8W", "ghp_" + "a8Kd93LmQx72Zp0Wv5Rt6Yb1Nc4Hs8Jf2GeU"
REAL = {
    "EMAIL": ["wang.li@bupt.edu.cn", "Anna_K+news@mail.example-shop.de", "b@x.io"],
    "IP": ["85.214.157.71", "146.169.2.17", "2a01:238:43ed:c300:10c3:bcf3:3266:da74"],
    "CARD": ["4539 1488 0343 6467", "5425233430109903", "3782-822463-10013"],
    "NATIONAL_ID": ["11010519491231002X", "219-45-6780", "12345678Z", "AB 12 34 56 C"],
    "IBAN": ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"],
    "PHONE": ["+49 30 901820", "(212) 736-5000", "13800571234", "010-62283344", "+8613912345670"],
    "TOKEN": [AWS, GITHUB, "sk-" + "proj-9fK2mXq7Lw4Zt8Rb1Vn6Yc3D"],
    "PRIVATE_KEY": [
        f"-----BEGIN RSA PRIVATE KEY-----\n{BODY}\n{BODY}\n-----END RSA PRIVATE KEY-----"
    ],
}
NOBODYS = (
    "someone@example.com", "user@host", "root@localhost", "getty@tty1.service", "git@github.com",
    "ann@mail.example.org", "127.0.0.1", "192.168.1.17", "10.0.0.1", "255.255.255.0", "192.0.2.33",
    "version 10.44.2.1", "Chrome/96.0.4664.110", "v2.33.11.4", "1.2.3.4", "130.155.0.0", "203.0.113.9",
    "2001:db8::1:2:3:4", "::1", "12:34:56:78", "std::vector", "3.14159265358979", "2147483647",
    "+2147483647", "4111 1111 1111 1111", "1234567812345678", "0123456789abcdef", "555-0123",
    "(212) 555-0142", "2023-11-30 12:00", "978-3-16-148410-0", "123-45-6789", "20231130123456",
    "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "AKIAIOSFODNN7EXAMPLE", "https://user:password@host.org/", "x = a@b.T", "@pytest.fixture",
    "1.3.6.1.4.1.311.21.20", "18446744073709551616", "0x7fff5fbff8a0", "110105194912310021",
)  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), [(k, v) for k, vs in REAL.items() for v in vs])
@pytest.mark.parametrize("around", ["see {} for it", "联系{}。", "({})", "{}", "a: {}, b"])
def test_what_is_real_is_masked_with_its_kind(kind: str, value: str, around: str) -> None:
    if around.startswith("联系") and value[0].isascii() and kind == "NATIONAL_ID":
        around = "联系 {}。"
    masks = Masks()
    assert masks.mask(around.format(value)) == around.format(f"[{kind}_1]")
    assert masks.counts == {kind: 1}


@pytest.mark.parametrize("text", NOBODYS)
def test_what_is_nobodys_stays(text: str) -> None:
    assert Masks().mask(f"It says {text} there.") == f"It says {text} there."


def test_equal_values_have_one_mark_through_a_document() -> None:
    masks = Masks()
    assert masks.mask("ann@web.de and bob@web.de") == "[EMAIL_1] and [EMAIL_2]"
    assert masks.mask("again bob@web.de, 85.214.157.71") == "again [EMAIL_2], [IP_1]"
    assert masks.counts == {"EMAIL": 3, "IP": 1}


def test_a_password_in_a_url_goes_with_its_user() -> None:
    assert Masks().mask("ftp://ann:h7Gq!x@ftp.gnu.org/") == "ftp://[PASSWORD_1]@ftp.gnu.org/"


@given(st.lists(st.one_of(
    st.sampled_from([v for vs in REAL.values() for v in vs] + list(NOBODYS)), st.text(max_size=5)
), max_size=8))  # fmt: skip
def test_what_was_masked_holds_nothing_more_and_the_rest_is_untouched(parts: list[str]) -> None:
    text = " ".join(parts)
    findings = find(text)
    assert all(a.end <= b.start for a, b in pairwise(findings))
    masked = Masks().mask(text)
    if not findings:
        assert masked == text
    assert len(find(masked)) <= len(findings)


@pytest.mark.parametrize(
    "part",
    ["a@", "1 ", "1-", "1.", "0:", "-----BEGIN PRIVATE KEY-----", "eyJ", "a.", "+1", "://a:", "\0",
     "\ud800", "AKIA", "x" * 50, "DE89 3704 "],
)  # fmt: skip
def test_time_grows_with_the_text_and_no_faster(part: str) -> None:
    def seconds(size: int) -> float:
        text = part * (size // len(part))
        start = time.process_time()
        Masks().mask(text)
        return time.process_time() - start

    small = max(min(seconds(40_000) for _ in range(3)), 0.004)
    assert seconds(640_000) < 16 * small * 4


def test_a_line_of_a_hundred_megabytes_is_masked() -> None:
    draw = random.Random(1)
    words = ["".join(draw.choices(string.ascii_lowercase, k=6)) for _ in range(10_000)]
    block = " ".join(words)
    text = f"{block} " * (100_000_000 // len(block)) + "ann@web.de"
    assert Masks().mask(text).endswith(" [EMAIL_1]")
