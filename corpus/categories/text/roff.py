"""Manual pages in the `man` macros, as clean text; written by hand so that no groff is needed.

Source lines of one paragraph are joined, without a space between two Chinese characters. Examples
keep their lines in fenced blocks. Pages in the mdoc macros are left to another reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

GLYPHS: Final = {
    "aq": "'", "dq": '"', "lq": "\u201c", "rq": "\u201d", "oq": "\u2018", "cq": "\u2019",
    "bu": "\u2022", "em": "\u2014", "en": "\u2013", "hy": "-", "mi": "-", "co": "\u00a9",
    "rg": "\u00ae", "tm": "\u2122", "de": "\u00b0", "bv": "|", "br": "|", "ul": "_", "ru": "_",
    "sl": "/", "rs": "\\", "ga": "`", "ha": "^", "ti": "~", "at": "@", "sh": "#", "**": "*",
    "+-": "\u00b1", "mu": "\u00d7", "<=": "\u2264", ">=": "\u2265", "->": "\u2192", "<-": "\u2190",
    "Do": "$", "Eu": "\u20ac", "pl": "+", "eq": "=", "Fo": "\u00ab", "Fc": "\u00bb", "sc": "\u00a7",
    "pd": "\u2202", "*p": "\u03c0", "*b": "\u03b2", "*a": "\u03b1", "la": "<", "ra": ">", "dg": "\u2020",
}  # fmt: skip
STRINGS: Final = {
    'L"': '"', 'R"': '"', "lq": "\u201c", "rq": "\u201d", "--": "\u2014", "-": "-", "Aq": "'",
    "C+": "C++", "R": "\u00ae", "Tm": "\u2122", "PI": "\u03c0",
}  # fmt: skip
FONTS: Final = frozenset(("B", "I", "BR", "RB", "BI", "IB", "IR", "RI", "R", "SB", "SM"))
BREAKS: Final = frozenset(
    ("PP", "P", "LP", "HP", "br", "sp", "Sp", "RS", "RE", "ti", "in", "TQ", "bp", "PD", "Pp")
)
WRITERS: Final = frozenset(("TH", "OP", "UR", "MT", "URL"))
CODE_OPEN: Final = frozenset(("nf", "EX", "Vb", "CS"))
CODE_CLOSE: Final = frozenset(("fi", "EE", "Ve", "CE"))
COMMENT: Final = re.compile(r'\\["#].*$')
CALL: Final = re.compile(r"^[.'][ \t]*([A-Za-z0-9]{1,4})?[ \t]*(.*)$")
ESCAPE: Final = re.compile(
    r"\\(?:"
    r"(?P<drop>f(?:\(..|\[[^\]]*\]|.)|s(?:[-+]?\d{1,2}|\[[^\]]*\]|'[^']*')|[kmMF](?:\(..|\[[^\]]*\]|.)"
    r"|n[-+]?(?:\(..|\[[^\]]*\]|.)|[hvwlLoXDRbA]'[^']*'|[&%:/,|^)zudcpt{}]|$)"
    r"|\((?P<two>..)|\[(?P<long>[^\]]*)\]"
    r"|\*(?:\((?P<sb>..)|\[(?P<sl>[^\]]*)\]|(?P<s1>.))"
    r"|(?P<one>.))"
)
CJK: Final = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f"
CREDITS: Final = re.compile(
    r"^[\[【《”“\"\s]*(?:中文版?[原最新]*(?:维护|更新|校对|翻译)\S*|(?:\w+\s*)?中文\s*man[- ]?page\s*计划"
    r"|中文\s*(?:man\s*)?手册页(?:翻译)?计划|中国\s*linux\s*论坛.*|译者|跋"
    r"|翻訳(?:者謝辞)?|번역|(?:die\s+)?übersetz(?:ung|er)|traduction|traducteurs?|traducción|traduzione"
    r"|tradução|traducere|tłumaczenie|vertaling|vertalers?|překlad|oversættelse|oversettelse"
    r"|översättning|käännös|suomennos|(?:magyar\s+)?fordítás|çeviri|çeviren|перевод|переклад|превод"
    r"|bản\s+dịch)\W*$",
    re.IGNORECASE,
)
NUMBERED: Final = re.compile(r"-|\(?\w{1,3}[.)]|.*[:：]")
"""Tags that need no colon before their text."""
SPACED: Final = re.compile(r"(?<=[\u4e00-\u9fff，。、；：]) (?=[\u4e00-\u9fff])")
JOIN: Final = re.compile(rf"(?<=[{CJK}])\n(?=[{CJK}])")


def read(data: bytes) -> tuple[str, list[str], str]:
    """The page's title, its blocks, and a reason when it is not a page of text."""
    text = data.decode("utf-8", "replace")
    if re.search(r"^\.\s*(?:Dd|Sh)\b", text, re.MULTILINE):
        return "", [], "in the mdoc macros"
    if re.match(r"(?:\s|\.\\\".*\n)*\.so ", text):
        return "", [], "a link to another page"
    page = _Page()
    for line in _lines(text):
        page.feed(line)
    page.end_paragraph()
    page.end_code()
    return page.title, page.blocks, ""


def plain(text: str) -> str:
    """`text` without roff escapes."""
    return ESCAPE.sub(_escape, COMMENT.sub("", text))


def _escape(match: re.Match[str]) -> str:
    if match["drop"] is not None:
        return ""
    if match["two"] or match["long"] is not None:
        name = match["two"] or match["long"]
        code = re.fullmatch(r"u([0-9A-F]{4,5})", name)
        return chr(int(code[1], 16)) if code else GLYPHS.get(name, "")
    string = match["sb"] or match["sl"] or match["s1"]
    if string is not None:
        return STRINGS.get(string, "")
    return {"-": "-", "e": "\\", "\\": "\\", "0": " ", "~": " ", " ": " ", "'": "'", "`": "`"}.get(
        match["one"], match["one"]
    )


def _lines(text: str) -> list[str]:
    """Lines without macro definitions, ignored parts and conditional blocks."""
    kept, lines, index = [], text.replace("\r", "").split("\n"), 0
    while index < len(lines):
        line = lines[index]
        index += 1
        call = CALL.match(line)
        name = call[1] if call else None
        if name in {"de", "de1", "am", "ig"}:
            while index < len(lines) and not re.match(r"^[.']\s*\.", lines[index]):
                index += 1
            index += 1
        elif name in {"if", "ie", "el"}:
            depth = line.count("\\{") - line.count("\\}")
            while depth > 0 and index < len(lines):
                depth += lines[index].count("\\{") - lines[index].count("\\}")
                index += 1
        else:
            kept.append(line)
    return kept


def _arguments(text: str) -> list[str]:
    """A macro's arguments: words, or parts in double quotes."""
    text = COMMENT.sub("", text)
    found = re.findall(r'"((?:[^"]|"")*)"?|((?:\\ |\S)+)', text)
    return [plain(quoted.replace('""', '"') or word) for quoted, word in found]


def _unspaced(text: str) -> str:
    """Text that was written with a space after every Chinese word, without those spaces."""
    if len(SPACED.findall(text)) * 12 < len(re.findall(r"[\u4e00-\u9fff]", text)):
        return text
    return SPACED.sub("", text)


@dataclass(slots=True)
class _Page:
    """The blocks read so far and the paragraph or example that is open."""

    title: str = ""
    blocks: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)
    _code: list[str] | None = None
    _tag_next: bool = False
    _tag: str = ""
    _table: bool = False
    _skip: bool = False

    def feed(self, line: str) -> None:
        """Take one source line: text, or a call of a macro."""
        call = CALL.match(line)
        if call is None:
            self._text(plain(line))
            return
        name, rest = call[1] or "", call[2]
        if not self._shape(name, rest):
            self._write(name, rest)

    def _shape(self, name: str, rest: str) -> bool:
        """Macros that open and close parts of the page; False for the others."""
        if name in {"SH", "SS"}:
            self._heading("##" if name == "SH" else "###", _arguments(rest))
        elif name == "TP":
            self.end_paragraph()
            self._tag_next = True
        elif name == "IP":
            self._item(_arguments(rest))
        elif name in CODE_OPEN:
            self.end_paragraph()
            self._code = self._code if self._code is not None else []
        elif name in CODE_CLOSE:
            self.end_code()
        elif name in {"TS", "TE"}:
            self.end_paragraph()
            self._table = name == "TS"
        elif name in BREAKS:
            self._break()
        else:
            return False
        return True

    def _write(self, name: str, rest: str) -> None:
        """Macros that write their arguments."""
        arguments = _arguments(rest) if name in FONTS | WRITERS else []
        if name == "TH":
            self.title = " ".join(arguments[:1])
        elif name in FONTS:
            alternating = len(name) == 2 and name not in {"SB", "SM"}
            self._text(("" if alternating else " ").join(arguments))
        elif name == "OP":
            self._text("[" + " ".join(arguments) + "]")
        elif name in WRITERS:
            self._text(" ".join(arguments[:1]))

    def _text(self, text: str) -> None:
        if self._skip:
            return
        if self._table:
            self._row(text)
        elif self._code is not None:
            self._code.append(text)
        elif not text.strip():
            self._break()
        elif self._tag_next:
            self._tag, self._tag_next = text.strip(), False
        else:
            self._open.append(text.strip())

    def _row(self, text: str) -> None:
        """A row of a tbl table; its options and format lines hold no text of the page."""
        cells = [re.sub(r"^T[{}]", "", cell).strip() for cell in text.split("\t")]
        if len(cells) > 1 and any(cells):
            self.blocks.append("| " + " | ".join(cells) + " |")

    def _break(self) -> None:
        if self._code is not None:
            self._code.append("")
        else:
            self.end_paragraph()

    def _heading(self, mark: str, arguments: list[str]) -> None:
        self.end_paragraph()
        self.end_code()
        self._tag_next = False
        text = " ".join(arguments).strip()
        self._skip = CREDITS.match(text) is not None  # who translated it is not what it says
        if text and not self._skip:
            self.blocks.append(f"{mark} {text}")

    def _item(self, arguments: list[str]) -> None:
        self.end_paragraph()
        if arguments and arguments[0].strip():
            tag = arguments[0].strip()
            self._tag = "-" if tag in {"\u2022", "*", "o", "+", "-", "\u00b7"} else tag

    def end_paragraph(self) -> None:
        """Close the open paragraph; a tag stands before its text."""
        body = re.sub(r"[ \t]*\n[ \t]*", " ", JOIN.sub("", "\n".join(self._open))).strip()
        body = _unspaced(body)
        tag, self._tag, self._open = self._tag, "", []
        if tag and body:
            self.blocks.append(f"{tag} {body}" if NUMBERED.fullmatch(tag) else f"{tag}: {body}")
        elif tag.strip("- ") or body:
            self.blocks.append(body or tag)

    def end_code(self) -> None:
        """Close the open example."""
        lines, self._code = self._code, None
        text = "\n".join(line.rstrip() for line in lines or ()).strip("\n")
        if text.strip():
            self.blocks.append(f"```\n{text}\n```")
