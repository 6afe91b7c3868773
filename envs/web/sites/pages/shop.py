"""The shop: goods in several kinds, one of them in detail, what lies in the cart."""

from __future__ import annotations

from typing import Any

from envs.web.sites import words
from envs.web.sites.make import Maker
from envs.web.sites.render import Query

KINDS = {
    "kitchen": (("Kitchen", "厨房"), ("mug", "teapot", "bottle")),
    "home": (("Home", "家居"), ("lamp", "chair", "plant")),
    "audio": (("Audio & photo", "影音"), ("headphones", "camera", "phone")),
    "outdoor": (("Outdoor", "户外"), ("backpack", "shoe", "watch")),
    "desk": (("Desk", "书桌"), ("keyboard", "book")),
}


def make(maker: Maker, page: str, query: Query) -> dict[str, Any]:
    """The content of its pages; all draw on the same goods."""
    del page
    brand = maker.say(
        maker.rng.choice(
            [("Fernhill", "蕨山生活"), ("Osprey & Reed", "芦苇集"), ("Nordkiste", "北匣")]
        )
    )
    goods = _goods(maker)
    shown = goods
    kind = query.words.get("kind", "")
    if kind in KINDS:
        shown = [one for one in goods if one["kind"] == kind]
    sought = query.words.get("q", "").strip().lower()
    if sought:
        shown = [one for one in shown if sought in str(one["name"]).lower()]
    chosen = goods[query.number("id") % len(goods)]
    cart = [{**one, "count": maker.rng.randint(1, 3)} for one in maker.some(goods, 3)]
    return {
        "brand": brand,
        "kinds": {key: maker.say(pair) for key, (pair, _) in KINDS.items()},
        "kind": kind if kind in KINDS else "",
        "sought": sought,
        "goods": shown,
        "one": chosen,
        "others": [g for g in goods if g["kind"] == chosen["kind"] and g is not chosen][:4],
        "cart": cart,
        "sum": sum(one["price"] * one["count"] for one in cart),
        "reviews": [
            {"who": who, "says": says, "stars": maker.rng.randint(3, 5), "day": maker.day(-300)}
            for who, says in zip(maker.people(4), maker.says(words.REVIEWS, 4), strict=True)
        ],
        "colours": maker.says(words.COLOURS, 4),
        "material": maker.pick(words.MATERIALS),
        "text": maker.text(2),
        "order": maker.rng.randrange(10**6, 10**7),
    }


def _goods(maker: Maker) -> list[dict[str, Any]]:
    found = []
    for kind, (_, pictures) in KINDS.items():
        for picture in pictures:
            for pair in words.GOODS[picture]:
                price = maker.money(9, 190)
                found.append(
                    {
                        "kind": kind,
                        "picture": picture,
                        "number": maker.rng.randrange(1000),
                        "name": maker.say(pair),
                        "price": price,
                        "was": price * 1.25 if maker.rng.random() < 0.2 else None,
                        "stars": round(maker.rng.uniform(3.4, 5.0), 1),
                        "votes": maker.rng.randint(3, 460),
                        "few": maker.rng.random() < 0.15,
                    }
                )
    maker.rng.shuffle(found)
    return [{**one, "id": index} for index, one in enumerate(found)]
