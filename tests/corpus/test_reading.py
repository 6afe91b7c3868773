"""Readers give clean text and captions, and take hostile files without harm."""

import pytest

from corpus.categories.caption import svg
from corpus.categories.caption.render import render
from corpus.categories.caption.titles import Titled, judge
from corpus.categories.text import roff, sayings
from corpus.operators import sanity
from corpus.operators.language import by_line, main_language
from corpus.pages import sphinx

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'
)
CIRCLE = '<circle cx="50" cy="50" r="40" fill="red"/>'


def drawn(size: str, body: str) -> dict[str, object]:
    return render({"data": HEAD.format(size, body).encode(), "side_px": 448})


def test_a_picture_is_drawn_with_its_longer_side_at_the_size() -> None:
    made = drawn('width="100" height="100"', CIRCLE)
    assert (made["width"], made["height"], made["renderer"]) == (448, 448, "skia")


def test_a_style_sheet_is_left_to_the_renderer_that_knows_them() -> None:
    body = "<style>.a{fill:blue}</style>" + CIRCLE.replace('fill="red"', 'class="a"')
    assert drawn('viewBox="0 0 100 100"', body)["renderer"] == "resvg"


def test_a_small_drawing_on_a_large_page_is_brought_closer() -> None:
    assert drawn('viewBox="0 0 1000 1000"', CIRCLE)["cropped"] is True


@pytest.mark.parametrize(
    ("size", "body", "reason"),
    [
        ('viewBox="0 0 100 100"', "", "renders blank"),
        ('viewBox="0 0 100 1"', CIRCLE, "no usable size"),
        ("", CIRCLE, "no usable size"),
        ('viewBox="0 0 9 9"', '<image xlink:href="file:///etc/passwd"/>', "outside"),
        ('viewBox="0 0 9 9"', '<use href="http://example.org/a.svg#b"/>', "outside"),
        ('viewBox="0 0 9 9"', "<style>@import url(http://example.org/a.css)</style>", "outside"),
        ('viewBox="0 0 9 9"', "<script>1</script>", "script"),
    ],
)
def test_what_cannot_or_must_not_be_drawn_says_why(size: str, body: str, reason: str) -> None:
    assert reason in str(drawn(size, body)["reason"])


def test_huge_dimensions_cost_no_more_than_small_ones() -> None:
    made = drawn('width="1e9" height="1e9" viewBox="0 0 100 100"', CIRCLE)
    assert (made["width"], made["height"]) == (448, 448)


def test_entities_and_deep_nesting_are_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'
    assert svg.inspect(bomb)["reason"] == "declares entities"
    deep = b"<svg>" + b"<g>" * 100_000 + b"</g>" * 100_000 + b"</svg>"
    assert svg.inspect(deep)["reason"] == "is not well-formed XML"
    assert svg.inspect(b"\x00\xff")["reason"] == "is not well-formed XML"


def test_a_collections_name_is_no_caption() -> None:
    files = [Titled(f"x/apple{n}.svg", "Pretty Theme", "", ()) for n in range(3)]
    files += [Titled(f"x/candy_{n}.svg", "Candy", "", ()) for n in range(3)]
    verdicts = judge(files)
    assert verdicts["x/apple0.svg"].reason == "title is a collection's"
    assert verdicts["x/candy_0.svg"].caption == "Candy"


@pytest.mark.parametrize(
    ("title", "creator", "reason"),
    [
        ("", "", "no title"),
        ("a@b.org", "", "title is not text"),
        ("Phone (mail: a@b.org)", "", "title is not text"),
        ("plastik-icon-theme", "", "title is a collection's"),
        ("HASH(0x853142c)", "", "title is not text"),
        ("books-aj.svg", "", "title is a file's name or a date"),
        ("Icons (Wed Aug 25 23:29:46 2004)", "", "title is a file's name or a date"),
        ("Mirjam Meijer", "Mirjam Meijer", "title is a person's name"),
        ("Part of the Flat Icon Collection", "", "title is a collection's"),
        ("untitled 3", "", "title is not text"),
    ],
)
def test_titles_that_say_nothing_of_the_picture_are_dropped(
    title: str, creator: str, reason: str
) -> None:
    verdict = judge([Titled("x/y.svg", title, "", (creator,))])["x/y.svg"]
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("title", "caption"),
    [
        ("Tigre01", "Tigre"),
        ("horse#1", "horse"),
        ("flan_bw", "flan (black and white)"),
        ("Clipart by Nicu Buculei - compact_disc", "compact disc"),
        ("Route 66", "Route 66"),
        ("M16", "M16"),
        ("signal flag 7", "signal flag 7"),
    ],
)
def test_spelling_for_machines_is_undone_and_nothing_else(title: str, caption: str) -> None:
    assert judge([Titled("x/y.svg", title, "", ())])["x/y.svg"].caption == caption


@pytest.mark.parametrize(
    ("title", "caption"),
    [
        ("balloons-aj", "balloons"),
        ("Scotch Rollandin Francesco", "Scotch"),
        ("Stemma (Rollandin Francesco)", "Stemma"),
        ("Francesco Rollandin at work", "Francesco Rollandin at work"),
        ("Cat Rollandin", "Cat"),
    ],
)
def test_the_creator_s_name_is_no_part_of_a_caption(title: str, caption: str) -> None:
    creators = ("AJ Ashton", "Architetto Francesco Rollandin")
    assert judge([Titled("x/y.svg", title, "", creators)])["x/y.svg"].caption == caption


@pytest.mark.parametrize(
    ("title", "description", "caption"),
    [
        ("Mars", "A red planet with two small moons", "Mars. A red planet with two small moons"),
        ("Hub", "Made with Inkscape by me", "Hub"),
        ("Madrid", "A simple map of the region, enjoy it!", "Madrid. A simple map of the region"),
        ("Moon", "The whole moon; it looks best on a dark background", "Moon"),
        ("Duck", "Done for a school play of 1999", "Duck"),
        ("Dino", "Anna Maria Rossi", "Dino"),
    ],
)
def test_a_description_is_added_where_it_says_more_of_the_picture(
    title: str, description: str, caption: str
) -> None:
    file = Titled("x/y.svg", title, description, ("Anna Maria Rossi",))
    assert judge([file])["x/y.svg"].caption == caption


PAGE = b"""<html><body><nav>Home</nav><div role="main"><h1>Title<a class="headerlink" href="#a">\xc2\xb6</a></h1>
<p>Some <code>code()</code> and
text.</p><div class="highlight-python3"><div class="highlight"><pre>a = 1
  b</pre></div></div><ul><li><p>One</p></li></ul><script>x</script></div></body></html>"""


def test_a_documentation_page_is_read_without_its_navigation() -> None:
    title, blocks, reason = sphinx.read(PAGE, "library/a.html")
    assert (title, reason) == ("Title", "")
    assert blocks == ["# Title", "Some `code()` and text.", "```python\na = 1\n  b\n```", "- One"]


MAN = (
    '.TH LS 1\n.SH 名称\nls \\- 列出目录\n的内容\n.TP\n.BR \\-a ", " \\-\\-all\n不隐藏\n'
    '.nf\nls \\-l\n.fi\n.SH "[中文版维护人]"\n某人 <a@b.c>\n.de XX\nnoise\n..\n'
)  # fmt: skip


def test_a_documentation_page_begins_with_its_title_and_announces_nothing_that_is_left_out() -> (
    None
):
    page = (
        "<html><body><div role='main'><dl class='field-list'><dt>Original:</dt><dd><p>Locks</p></dd>"
        "<dt>\u7ffb\u8bd1:</dt><dd><p>Somebody</p></dd></dl><h1>\u9501</h1>"
        "<p>:ref:\u8ddf\u8e2a\u70b9 &lt;tracepoint&gt;\uff0c<code>:ref:</code>\u3002</p><h2>API</h2>"
        "<p>\u5305\u542b\u4ee5\u4e0b\u7ae0\u8282\uff1a</p><div class='toctree-wrapper'>x</div></div></body></html>"
    )
    _, blocks, _ = sphinx.read(page.encode(), "a.html")
    assert blocks == ["# \u9501", "\u8ddf\u8e2a\u70b9\uff0c`:ref:`\u3002", "## API"]


def test_where_a_theme_names_no_main_part_the_first_section_is_read() -> None:
    page = (
        b"<body><div class='side'><p>Menu</p></div><div class='x'><section id='a'><h1>A</h1><dl><dt><code>f()"
        b"</code><a class='viewcode-link' href='b'><span>[source]</span></a></dt><dd><p>Does what it says.</p>"
        b"</dd></dl><section id='b'><h2>B</h2></section></section></div></body>"
    )
    _, blocks, reason = sphinx.read(page, "a.html")
    assert (blocks, reason) == (["# A", "f(): Does what it says.", "## B"], "")
    assert sphinx.read(page.replace(b"section", b"article"), "a.html")[2] == "no main part"


def test_a_drawn_formula_is_what_it_was_written_as() -> None:
    page = (
        b"<body><div role='main'><p>Let <img class='math' src='a.png' alt='x^2'> be so and</p>"
        b"<div class='math'><p><img src='b.png' class='math' alt='x &lt; y'></p></div>"
        b"<p>hold. <img src='c.png' alt='a plot'></p><footer>Made in 2020</footer></div></body>"
    )
    _, blocks, _ = sphinx.read(page, "a.html")
    assert blocks == ["Let \\(x^2\\) be so and", "\\[x < y\\]", "hold."]


@pytest.mark.parametrize(
    ("body", "is_read"),
    [
        ("<p><code>a(x: int, y: int, z: int, w: int)</code></p>", False),
        ("<table class='indextable'><tr><td>All names that begin with A</td></tr></table>", False),
        ("<p>It adds two numbers.</p>", True),
        ("<p>\u672c\u9875\u8bb2\u8ff0\u5982\u4f55\u8bbf\u95ee\u5b57\u6bb5\u3002</p>", True),
        ("<div class='highlight-c'><pre>int a;</pre></div>", True),
    ],
)
def test_a_page_of_names_alone_is_left_out(body: str, is_read: bool) -> None:
    page = f"<body><div role='main'><h1>A module</h1>{body}</div></body>"
    assert (sphinx.read(page.encode(), "a.html")[2] == "") is is_read


@pytest.mark.parametrize(
    ("tag", "block"),
    [("1.", "1. Text"), ("(a)", "(a) Text"), ("Mind:", "Mind: Text"), ("\\-v", "-v: Text"), ("\\(bu", "- Text")],
)  # fmt: skip
def test_a_tag_of_a_manual_page_has_a_colon_where_it_needs_one(tag: str, block: str) -> None:
    _, blocks, _ = roff.read(f'.TH A 1\n.SH B\n.IP "{tag}" 4\nText\n'.encode())
    assert blocks == ["## B", block]


@pytest.mark.parametrize(
    "heading",
    ["\u8bd1\u8005", "[\u4e2d\u6587\u7248\u7ef4\u62a4\u4eba]", "\u201d[\u4e2d\u6587\u7248\u6700\u65b0\u66f4\u65b0]\u201d", "\u300aLinuxfourm \u4e2d\u6587MAN-PAGE\u8ba1\u5212\u300b:",
     "\u4e2d\u6587\u624b\u518c\u9875\u7ffb\u8bd1\u8ba1\u5212", "\u8dcb", "\xdcBERSETZUNG", "TRADU\xc7\xc3O",
     "\u041f\u0415\u0420\u0415\u041a\u041b\u0410\u0414", "\u7ffb\u8a33\u8005\u8b1d\u8f9e", "Magyar ford\xedt\xe1s", "B\u1ea2N D\u1ecaCH"],
)  # fmt: skip
def test_who_translated_a_manual_page_is_not_what_it_says(heading: str) -> None:
    page = f".TH A 1\n.SH B\nText\n.SH {heading}\nSomebody\n.SH \u4e2d\u6587\u8f93\u5165\nMore\n"
    assert roff.read(page.encode())[1] == ["## B", "Text", "## \u4e2d\u6587\u8f93\u5165", "More"]


def test_a_manual_page_is_read_without_roff() -> None:
    title, blocks, reason = roff.read(MAN.encode())
    assert (title, reason) == ("LS", "")
    assert blocks == ["## 名称", "ls - 列出目录的内容", "-a, --all: 不隐藏", "```\nls -l\n```"]


def test_a_page_of_links_or_other_macros_is_left_out() -> None:
    assert roff.read(b".so man1/ls.1\n")[2]
    assert roff.read(b".Dd today\n.Sh NAME\n")[2]


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 100, b".\\" * 1000, b".if \\{" * 500, b".TS\n" * 9]
)
def test_hostile_pages_do_not_break_the_reader(data: bytes) -> None:
    roff.read(data)
    sayings.read(data)


def test_sayings_lose_their_colours() -> None:
    data = "\x1b[32m《送别》\x1b[m\n下马饮君酒\n%\n\x1b[;\x1b[34;1mm来\n".encode()
    assert sayings.read(data) == ["《送别》\n下马饮君酒", "来"]


def test_sayings_lose_the_frame_that_a_card_is_drawn_with() -> None:
    data = "  │\n  │ update-grub\n  │\n  │ 在修改之后。\n  │\n\n      -- 卡片\n".encode()
    assert sayings.read(data) == ["update-grub\n\n在修改之后。\n\n\n      -- 卡片"]


def test_language_is_told_by_line() -> None:
    assert main_language(by_line(["风急天高猿啸哀，渚清沙白鸟飞回。"])) == "zh"
    assert main_language(by_line(["This is a plain English sentence."])) == "en"
    assert main_language({"zh": 30, "code": 900}) == "code"
    assert main_language({"zh": 60, "code": 900}) == "zh"
    assert main_language({}) == "und"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a" * 5000, "a very long run without spaces"),
        ("cafÃ© dÃ©jÃ vu " * 20, "characters of a wrong decoding"),
        ("+-*/ " * 100, "mostly signs"),
        ("x", "too short"),
        ("│ a word here " * 30, "drawn with box characters"),
    ],
)
def test_text_that_is_not_fit_says_why(text: str, reason: str) -> None:
    assert sanity.fault([text], 20) == reason


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u0634\u0648\u062f",
        "\u0915\u094d\u200d\u0937",
        "\U0001f469\u200d\U0001f680",
    ],
)
def test_joiners_stay_where_writing_needs_them(text: str) -> None:
    assert sanity.clean(text) == text
    assert sanity.clean(f"a\u200cb \u200d{text}\u200c \u200b") == f"ab {text} "
