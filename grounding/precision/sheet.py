"""A page for a person: kept elements drawn by lot, each in its surroundings, to be judged.

It needs no network. What the person says leaves the page as a file, which `verdicts` takes in.
"""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from envs.types import Box, Pixels
from grounding.pictures import png
from grounding.precision import lots
from grounding.precision.verdicts import VERDICTS
from grounding.samples import publish_document
from infra.files import publish
from infra.progress import Progress

AROUND_PX: Final = 90
PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Kept elements</title>
<style>
body{font:13px/1.4 system-ui,sans-serif;margin:16px;background:#f4f4f2;color:#222}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(420px,1fr));gap:8px}
article{background:#fff;border:1px solid #ddd;border-radius:6px;padding:8px;overflow:hidden}
figure{margin:0 0 6px;position:relative;display:inline-block;line-height:0}
figure span{position:absolute;outline:2px solid #e00}article:hover figure span{outline-style:dotted}
b{overflow-wrap:anywhere}small{color:#777;display:block}label{margin-right:10px}
</style></head><body><h1>{{ cards|length }} kept elements</h1>
<p>Is the red box around that thing, all of it and nothing else, and is that what it is called?
<button id="save">Save verdicts</button></p><main>
{% for card in cards %}<article data-id="{{ card.id }}"><figure>
<img alt="" src="data:image/png;base64,{{ card.picture }}"><span style="{{ card.place }}"></span>
</figure><div><b>{{ card.name or "no name" }}</b> · {{ card.role }}</div>
<small>{{ card.program }} · {{ card.id }}</small>{% for verdict in verdicts %}
<label><input type="radio" name="{{ card.id }}" value="{{ verdict }}">{{ verdict|replace("_"," ") }}</label>
{% endfor %}</article>{% endfor %}</main><script>
document.getElementById("save").addEventListener("click", () => {
  const said = {};
  for (const on of document.querySelectorAll("input:checked")) said[on.name] = on.value;
  const file = new Blob([JSON.stringify({sheet: "{{ sheet }}", verdicts: said})]);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file); link.download = "verdicts.json"; link.click();
});
</script></body></html>
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page that was written, and what is on it."""

    page: Path
    ids: tuple[str, ...]


def write(
    home: Path, out: Path, count: int, seed: int, progress: Progress, *, stand_ins: bool = False
) -> Sheet:
    """Write `sheet.html` and `sheet.json` into `out`: so many kept elements, evenly over programs."""
    chance = random.Random(seed)  # noqa: S311 - a lot that can be drawn again, not a secret
    by_program: dict[str, list[dict[str, Any]]] = {}
    seen: set[tuple[object, ...]] = set()
    for look in lots.looks(home, chance, progress, stand_ins=stand_ins):
        for node in look.found.kept:
            key = (lots.program_of(node), node.element.role, node.name, node.box)
            if key not in seen:
                seen.add(key)
                drawn = lots.drawn(look, node)
                around = _surroundings(drawn.box, look.scene.screen)
                pixels = look.scene.pixels[around.top : around.bottom, around.left : around.right]
                by_program.setdefault(key[0], []).append(_card(drawn, around, pixels.copy()))
    cards = lots.evenly(by_program, count, chance)
    name = f"{seed}-{len(cards)}"
    for card in cards:
        card["picture"] = base64.b64encode(png(card.pop("pixels"))).decode()
    publish(out / "sheet.html", _page(cards, name))
    ids = tuple(card["id"] for card in cards)
    publish_document(out / "sheet.json", {"sheet": name, "ids": list(ids)})
    return Sheet(out / "sheet.html", ids)


def _page(cards: list[dict[str, Any]], sheet: str) -> bytes:
    import jinja2

    page = jinja2.Environment(autoescape=True).from_string(PAGE)
    return page.render(cards=cards, sheet=sheet, verdicts=VERDICTS).encode("utf-8", "replace")


def _card(drawn: lots.Drawn, around: Box, pixels: Pixels) -> dict[str, Any]:
    box = drawn.box
    place = (
        f"left:{box.left - around.left}px;top:{box.top - around.top}px;"
        f"width:{box.width}px;height:{box.height}px"
    )
    return {
        "id": f"{drawn.episode}#{drawn.number}/{drawn.element}",
        "name": drawn.name,
        "role": drawn.role,
        "program": drawn.program,
        "place": place,
        "pixels": pixels,
    }


def _surroundings(box: Box, screen: Box) -> Box:
    wide = Box(
        box.left - AROUND_PX, box.top - AROUND_PX, box.right + AROUND_PX, box.bottom + AROUND_PX
    )
    return wide.intersection(screen)
