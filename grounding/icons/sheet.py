"""A page to look at: icons of the table drawn by lot, each with what it means, in one file.

It needs no network and nothing beside it. The same table gives the same page.
"""

from __future__ import annotations

import base64
from typing import Any, Final

from grounding.icons.meanings import unite
from grounding.icons.store import Store
from grounding.icons.table import Icon, Table
from infra.files import publish

SHOWN: Final = 240
"""Icons on the page: half of them seen on screens, where there are as many."""
LANGUAGES: Final = ("en", "zh-CN", "zh")
SAID: Final = 4
PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Icons</title><style>
body{font:13px/1.4 system-ui,sans-serif;margin:16px;background:#f4f4f2;color:#222}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:8px}
article{background:#fff;border:1px solid #ddd;border-radius:6px;padding:8px}
figure{margin:0 0 6px;display:flex;flex-wrap:wrap;gap:6px;align-items:center;min-height:60px}
figure span{padding:4px;border-radius:4px;line-height:0}
.light{background:#fff;border:1px solid #eee}.dark{background:#2b2b2b}
img{max-width:96px;max-height:96px}b{display:block}i{color:#666;font-style:normal}
small{color:#777;display:block;overflow-wrap:anywhere}
</style></head><body><h1>{{ count }} icons, {{ icons|length }} of them shown</h1><main>
{% for icon in icons %}<article><figure>{% for picture in icon.pictures %}<span class="light">
<img alt="" src="data:image/png;base64,{{ picture }}"></span>{% endfor %}
<span class="dark"><img alt="" src="data:image/png;base64,{{ icon.pictures[0] }}"></span></figure>
{% for one in icon.meanings %}<b>{{ one.text }} <i>{{ one.lang }}, {{ one.source }}</i></b>{% endfor %}
{% for one in icon.functions %}<div>pressing it {{ one }}</div>{% endfor %}
<small>{{ icon.languages }} languages · seen {{ icon.sightings }} times{{ icon.apps }}</small>
<small>{{ icon.where }}</small></article>
{% endfor %}</main></body></html>
"""


def write(store: Store, table: Table) -> None:
    """Write `sheet.html`."""
    import jinja2

    page = jinja2.Environment(autoescape=True).from_string(PAGE)
    icons = [_card(store, icon) for icon in drawn(table)]
    html = page.render(count=len(table.icons), icons=icons)
    publish(store.root / "sheet.html", html.encode("utf-8", "replace"))


def drawn(table: Table) -> list[Icon]:
    """The icons on the page, by lot of their ids."""
    by_lot = sorted(table.icons, key=lambda icon: icon.id)
    seen = [icon for icon in by_lot if icon.sightings][: SHOWN // 2]
    others = [icon for icon in by_lot if not icon.sightings][: SHOWN - len(seen)]
    return sorted(seen + others, key=lambda icon: icon.id)


def _card(store: Store, icon: Icon) -> dict[str, Any]:
    said = unite(icon.meanings)
    shown = [m for lang in LANGUAGES for m in said if m.lang == lang]
    pictures = sorted(icon.pictures, key=lambda p: (p.width, p.height))[-3:]
    apps = sorted({str(place["app"]) for place in icon.seen})
    return {
        "pictures": [base64.b64encode(store.get(p.sha256)).decode() for p in pictures],
        "meanings": shown[:SAID],
        "functions": [en for en, _ in icon.functions],
        "languages": len({m.lang for m in said}),
        "sightings": icon.sightings,
        "apps": f" in {', '.join(apps)}" if apps else "",
        "where": ", ".join(sorted({f"{o.theme}: {o.licence.get('name')}" for o in icon.origins}))
        + " "
        + ", ".join(sorted(icon.names)[:5]),
    }
