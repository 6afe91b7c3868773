"""Pages, style sheets, scripts and pictures as bytes: what the loopback server answers with.

A page is a template of its site filled by that site's maker; nothing outside the query decides
what it says.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from envs.web.sites import art, catalogue, words
from envs.web.sites.catalogue import MOST, Site
from envs.web.sites.icons import icon
from envs.web.sites.make import Maker

HERE: Final = Path(__file__).parent
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes, what they are, and whether they were found."""

    body: bytes
    type: str = HTML
    status: int = 200


@dataclass(frozen=True, slots=True)
class Query:
    """What an address asks for besides its page, made safe."""

    seed: int
    theme: str
    language: str
    words: Mapping[str, str]

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Query:
        """The query of an address; what makes no sense becomes the default."""
        theme = "dark" if said.get("theme") == "dark" else "light"
        return cls(
            _number(said.get("seed")), theme, "zh" if said.get("lang") == "zh" else "en", said
        )

    def number(self, name: str) -> int:
        """A number the address gives, 0 where it gives none."""
        return _number(self.words.get(name))


def _number(said: str | None) -> int:
    digits = (said or "")[:9]
    return int(digits) % MOST if digits.isascii() and digits.isdigit() else 0


def page(site: Site, name: str, query: Query) -> Answer:
    """One page of a site."""
    if name not in site.pages:
        return Answer(b"<!doctype html><title>404</title><h1>Not found</h1>", status=404)
    maker = Maker(site.name, query.seed, query.language)
    module: Any = importlib.import_module(f"envs.web.sites.pages.{site.name}")
    content = module.make(maker, name, query)
    template = _templates().get_template(f"{site.name}/{name}.html")
    text = template.render(
        **content,
        **_speech(maker, site, query),
        site=site.name,
        page=name,
        theme=query.theme,
        lang="zh-CN" if query.language == "zh" else "en",
        hidden={"seed": query.seed, "theme": query.theme, "lang": query.language},
    )
    return Answer(text.encode())


def _speech(maker: Maker, site: Site, query: Query) -> dict[str, Callable[..., Any]]:
    """The functions templates speak with."""

    def link(to: str = "index", at: str = "", **more: object) -> str:
        asked = {"seed": query.seed, "theme": query.theme, "lang": query.language, **more}
        host = f"http://{catalogue.find(at).host}" if at and at != site.name else ""
        return f"{host}/{'' if to == 'index' else to}?{urlencode(asked)}"

    def t(en: str, zh: str) -> str:
        return maker.say((en, zh))

    return {"t": t, "link": link, "icon": icon, "price": maker.price, "date": maker.date}


def static(name: str) -> Answer | None:
    """A style sheet or a script; None where there is none of that name."""
    path = HERE / "static" / name
    if path.parent != HERE / "static" or path.suffix not in TYPES or not path.is_file():
        return None
    return Answer(_read(path), TYPES[path.suffix])


def picture(kind: str, number: int) -> Answer | None:
    """A drawn picture; None for an unknown kind."""
    drawn = art.draw(kind, number)
    return None if drawn is None else Answer(drawn.encode(), TYPES[".svg"])


@functools.cache
def _read(path: Path) -> bytes:
    return path.read_bytes()


@functools.cache
def _templates() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["words"] = words
    return made
