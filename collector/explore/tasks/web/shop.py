"""Tasks in the shop: search, sort, filter, the cart, an order."""

from __future__ import annotations

from typing import Final

from collector.explore.tasks.intents import Choose, Intent, Press, Tick, Type, button
from collector.explore.tasks.state import State, Verdict, verdict
from collector.explore.tasks.target import Target, the
from collector.explore.tasks.task import Setting, Values, on_site

FIND: Final = the("searchbox", "Search", "搜索")
SORT: Final = the("combobox", "Sort by", "排序")
ORDERS: Final = (
    ("Price, low to high", "价格从低到高"),
    ("Price, high to low", "价格从高到低"),
    ("Best rated", "评分最高"),
)


def draw_word(setting: Setting) -> Values:
    """A word that the names of some goods hold."""
    goods = setting.page("shop")["goods"]
    one, two = setting.rng.sample(goods, 2)
    return {"word": _word(setting, one["name"]), "other": _word(setting, two["name"])[::-1]}


def _word(setting: Setting, name: str) -> str:
    """What one would search for to find it."""
    return name[:2] if setting.language == "zh" else name.split(maxsplit=1)[0].lower()


def draw_kind(setting: Setting) -> Values:
    """A department and an order."""
    kinds = setting.page("shop")["kinds"]
    key, other = setting.rng.sample(sorted(kinds), 2)
    order = setting.say(*setting.rng.choice(ORDERS))
    return {"kind": kinds[key], "key": key, "other": kinds[other], "order": order}


def is_sorted_kind(state: State, v: Values) -> Verdict:
    """Whether the department shows in that order."""
    return verdict(
        department=(state.asked("kind"), v["key"]), order=(state.value(SORT), v["order"])
    )


def draw_product(setting: Setting) -> Values:
    """One of the goods, a colour of it and how many."""
    page = setting.page("shop", id=setting.rng.randrange(42))
    one = page["one"]
    count, other = setting.rng.sample(range(2, 7), 2)
    return {
        "query": {"id": one["id"]}, "name": one["name"], "count": count, "other": other,
        "colour": setting.rng.choice(page["colours"][1:]),
    }  # fmt: skip


def buy(v: Values) -> list[Intent]:
    """The colour, as many as wanted, into the cart."""
    return [
        Press(the("radio", v["colour"])),
        Type(the("spinbutton", "Quantity", "数量"), str(v["count"])),
        Press(button("Add to cart", "加入购物车")),
    ]


def is_bought(state: State, v: Values) -> Verdict:
    """Whether the cart holds so many more than the three it began with."""
    cart = state.one(the("link", "Cart", "购物车", match="starts"))
    inside = [
        e.name
        for e in state.every(
            Target(("text",), within=the("link", "Cart", "购物车", match="starts"))
        )
    ]
    return verdict(
        product=(state.asked("id"), str(v["query"]["id"])),
        colour=(state.is_on(the("radio", v["colour"])), True),
        cart=(cart is not None and inside[-1:], [str(3 + v["count"])]),
    )  # fmt: skip


def draw_cart(setting: Setting) -> Values:
    """An article of the cart and another quantity."""
    cart = setting.page("shop")["cart"]
    one, two = setting.rng.sample(cart, 2)
    count = setting.rng.choice([n for n in range(1, 7) if n != one["count"]])
    names = [c["name"] for c in cart]
    return {
        "name": one["name"], "other": two["name"], "count": count, "names": names,
        "counts": {c["name"]: str(c["count"]) for c in cart},
    }  # fmt: skip


def quantity(name: str) -> Target:
    """The list box of how many of it."""
    return the("combobox", f"Quantity of {name}", f"数量：{name}")


def is_changed(state: State, v: Values) -> Verdict:
    """Whether that article, and no other, has the new quantity."""
    found = {name: state.value(quantity(name)) for name in v["names"]}
    return verdict(quantities=(found, {**v["counts"], v["name"]: str(v["count"])}))


def is_removed(state: State, v: Values) -> Verdict:
    """Whether that article is gone and the others are there."""
    found = [name for name in v["names"] if state.one(quantity(name)) is not None]
    return verdict(in_the_cart=(found, [n for n in v["names"] if n != v["name"]]))


def draw_buyer(setting: Setting) -> Values:
    """Who orders, and where it goes."""
    people = setting.page("mail")["mails"]
    who = setting.rng.choice(people)["who"]
    return {
        "name": who.name, "mail": who.mail, "street": f"Mill Lane {setting.rng.randrange(1, 99)}",
        "code": str(setting.rng.randrange(10000, 99999)), "town": setting.say("Lisbon", "成都"),
        "way": setting.rng.choice([2, 3]), "other": "12345",
    }  # fmt: skip


WAYS: Final = {2: ("Express", "加急配送"), 3: ("Parcel shop", "自提点")}


def order(v: Values) -> list[Intent]:
    """Fill in the form, choose the delivery, accept the terms, order."""
    return [
        Type(the("textbox", "Full name", "姓名"), v["name"]),
        Type(Target(("textbox",), ("E-mail", "邮箱")), v["mail"]),
        Type(the("textbox", "Street and number", "街道门牌"), v["street"]),
        Type(the("textbox", "Postcode", "邮编"), v["code"]),
        Type(the("textbox", "Town", "城市"), v["town"]),
        Press(the("radio", *WAYS[v["way"]], match="starts")),
        Tick(the("checkbox", "I accept the terms of sale", "我同意销售条款")),
        Press(button("Place order", "提交订单")),
    ]


def is_ordered(state: State, v: Values) -> Verdict:
    """What the site's server was told."""
    said = {key: state.asked(key) for key in ("name", "mail", "street", "code", "town", "way")}
    right = {key: str(v[key]) for key in said}
    return verdict(page=(state.page, "thanks"), order=(said, right))


SALE: Final = the("checkbox", "On sale", "特价")
FEW: Final = the("checkbox", "Last pieces only", "仅看即将售罄")


def stars(n: int) -> Target:
    """The choice of the least rating."""
    return the("radio", f"{n} stars", f"{n} 星", match="has")


def draw_filter(setting: Setting) -> Values:
    """The least rating."""
    least, other = setting.rng.sample([3, 4], 2)
    return {"least": least, "other": other}


TASKS: Final = (
    on_site(
        "shop-search",
        ("Search the shop for “{word}”.", "在商店里搜索“{word}”。"),
        draw_word, lambda v: [Type(FIND, v["word"], submit=True)],
        lambda s, v: verdict(search=(s.asked("q").casefold(), v["word"].casefold())),
    ),
    on_site(
        "shop-sort",
        ("Show the department “{kind}” of the shop sorted by “{order}”.", "打开商店的“{kind}”分类，并按“{order}”排序。"),
        draw_kind,
        lambda v: [Press(the("link", v["kind"])), Choose(SORT, v["order"])], is_sorted_kind,
    ),
    on_site(
        "shop-filter",
        ("Show only goods on sale with {least} stars and up.", "只显示 {least} 星及以上的特价商品。"),
        draw_filter, lambda v: [Press(stars(v["least"])), Tick(SALE)],
        lambda s, v: verdict(rating=(s.is_on(stars(v["least"])), True), on_sale=(s.is_on(SALE), True), last_pieces=(s.is_on(FEW), False)),
    ),
    on_site(
        "shop-buy",
        ("Put {count} of “{name}” in the colour “{colour}” into the cart.", "把 {count} 件颜色为“{colour}”的“{name}”加入购物车。"),
        draw_product, buy, is_bought, page="product",
    ),
    on_site(
        "shop-quantity",
        ("In the cart, change the quantity of “{name}” to {count}.", "在购物车中，把“{name}”的数量改为 {count}。"),
        draw_cart, lambda v: [Choose(quantity(v["name"]), str(v["count"]))], is_changed, page="cart",
    ),
    on_site(
        "shop-remove",
        ("Remove “{name}” from the cart.", "从购物车中删除“{name}”。"),
        draw_cart,
        lambda v: [Press(button(f"Remove {v['name']}", f"删除{v['name']}"))], is_removed, page="cart",
    ),
    on_site(
        "shop-order",
        ("Place the order for {name}, {mail}, at {street}, {code} {town}, with delivery way {way} of the list.",
         "为 {name}（{mail}）下单，地址：{town} {street}，邮编 {code}，选择列表中的第 {way} 种配送方式。"),
        draw_buyer, order, is_ordered, page="checkout",
    ),
)  # fmt: skip
