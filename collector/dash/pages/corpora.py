"""Corpora: what each holds against its recipe, what was dropped and why, each sample's lineage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from collector.dash import charts, pictures
from collector.dash.charts import Bar
from collector.dash.damage import OfFiles
from collector.dash.pages.sheet import Column, Sheet
from collector.dash.pages.show import At, show
from collector.dash.pages.words import share
from collector.views import corpus as view
from collector.views import holding
from collector.views import sample as samples
from infra.visible import visible

router = APIRouter(include_in_schema=False, route_class=OfFiles)
CORPORA = (
    Column("name", "Corpus"), Column("samples", "Samples", "num"), Column("tokens", "Tokens", "num"),
    Column("image_tokens", "Of pictures", "num", spare=True),
    Column("pictures", "Pictures", "num", spare=True),
    Column("bytes", "Shards", "num", spare=True), Column("built_ns", "Built"),
    Column("verified", "Verified", sorts=False),
)  # fmt: skip
SOURCES = (
    Column("source", "Source"), Column("category", "Category", spare=True),
    Column("available_tokens", "There", "num", spare=True),
    Column("planned_tokens", "Planned", "num", spare=True), Column("tokens", "Made", "num"),
    Column("made", "Share", "num"), Column("samples", "Samples", "num"),
)  # fmt: skip
SHARDS = (
    Column("shard", "Shard"), Column("samples", "Samples", "num"), Column("bytes", "Size", "num"),
    Column("licences", "Licences", "num", spare=True), Column("sha256", "SHA-256", sorts=False),
)  # fmt: skip
SAMPLES = (
    Column("id", "Sample", sorts=False), Column("source", "Source", sorts=False),
    Column("kind", "Kind", sorts=False, spare=True),
    Column("tokens", "Text, image tokens", "num", sorts=False),
    Column("file", "From", "grow", sorts=False, spare=True),
    Column("licence", "Licence", sorts=False, spare=True),
)  # fmt: skip
KINDS = ("language", "kind", "platform")


@router.get("/corpora", response_class=HTMLResponse)
def listed(request: Request, desk: At) -> HTMLResponse:
    """Every corpus of this home."""
    rows = holding.listed(desk.settings.home)
    return show(request, "corpora.html", sheet=Sheet.of(request, CORPORA, "-built_ns").over(rows))


@router.get("/corpora/{corpus}", response_class=HTMLResponse)
def shown(request: Request, desk: At, corpus: str) -> HTMLResponse:
    """One corpus."""
    c = holding.shown(desk.settings.home, corpus)
    return show(
        request, "corpus.html", c=c, plots=_plots(c), funnels=_funnels(c),
        sources=Sheet.of(request, SOURCES, "-tokens").over(c["sources_of"]),
    )  # fmt: skip


@router.get("/corpora/{corpus}/shards", response_class=HTMLResponse)
def shards(request: Request, desk: At, corpus: str) -> HTMLResponse:
    """A corpus's shards."""
    root = view.root_of(desk.settings.home, corpus)
    sheet = Sheet.of(request, SHARDS, "shard").over(holding.shards(root))
    return show(request, "shards.html", corpus=corpus, sheet=sheet)


@router.get("/corpora/{corpus}/licences/{sha256}", response_class=HTMLResponse)
def licence(request: Request, desk: At, corpus: str, sha256: str) -> HTMLResponse:
    """The text of a licence."""
    said = holding.licence_text(view.root_of(desk.settings.home, corpus), sha256)
    return show(request, "licence.html", corpus=corpus, sha256=sha256, said=said)


@router.get("/corpora/{corpus}/samples", response_class=HTMLResponse)
def sample_list(
    request: Request, desk: At, corpus: str, q: str = "", since: str = ""
) -> HTMLResponse:
    """Samples in the order of their ids, some at a time."""
    found = samples.listed(desk.settings.home, corpus, q, since)
    sheet = Sheet.of(request, SAMPLES, "id").holding(found["rows"], len(found["rows"]))
    stats = holding.document(view.root_of(desk.settings.home, corpus), "stats.json")
    return show(request, "samples.html", corpus=corpus, sheet=sheet, found=found, q=q, since=since,
                categories=list(stats["by_category"]))  # fmt: skip


@router.get("/corpora/{corpus}/samples/{sample}", response_class=HTMLResponse)
def one_sample(request: Request, desk: At, corpus: str, sample: str) -> HTMLResponse:
    """A sample and where it came from."""
    s = samples.shown(desk.settings.home, corpus, sample)
    turns = list(_turns(corpus, s["messages"], s["images"]))
    return show(request, "sample.html", corpus=corpus, s=s, turns=turns)


def _turns(corpus: str, messages: list[dict[str, Any]], images: list[str]) -> Any:
    """Each message with its pictures where they stand in it."""
    left = iter(images)
    for message in messages:
        parts: list[dict[str, str]] = []
        for number, text in enumerate(str(message["content"]).split("<image>")):
            if number and (image := next(left, "")):
                parts.append({"image": pictures.corpus_address(corpus, image), "text": ""})
            if text.strip():
                parts.append({"image": "", "text": visible(text.strip("\n"))})
        yield {"role": message["role"], "parts": parts}


def _plots(c: Mapping[str, Any]) -> dict[str, Markup]:
    from corpus.describe.page import by_bucket

    stats = c["stats"]
    kinds = [Bar("text", stats["text_tokens"]), Bar("pictures", stats["image_tokens"])]
    return {
        "kinds": charts.parts("tokens of text and of pictures", kinds),
        "categories": _categories(c["categories"]),
        **{name: _tokens(name, stats[f"by_{name}"], n) for n, name in enumerate(KINDS)},
        "length": _samples("samples by length in tokens", by_bucket(stats["by_length"]), 0),
        "resolution": _samples("samples by largest side", by_bucket(stats["by_resolution"]), 1),
    }


def _categories(rows: list[dict[str, Any]]) -> Markup:
    """Each category's share, with a mark where it was planned to end."""
    bars = [
        Bar(row["category"], row["made"], mark=row["planned"], note=f"weight {row['weight']:g}")
        for row in rows
    ]
    return charts.bars("shares of all tokens by category", bars, write=_percent, whole=1.0)


def _tokens(name: str, rows: Mapping[str, Any], series: int) -> Markup:
    bars = [Bar(of, row["tokens"], note=share(row["share"], 1)) for of, row in rows.items()][:12]
    return charts.bars(f"tokens by {name}", bars, series=series)


def _samples(name: str, counts: Mapping[str, int], series: int) -> Markup:
    whole = sum(counts.values())
    bars = [Bar(of, many, note=share(many, whole)) for of, many in counts.items()]
    return charts.bars(name, bars, series=series)


def _percent(value: float) -> str:
    return share(value, 1)


def _funnels(c: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of each category what was read, what was left after each step, and the drops by reason."""
    return [_funnel(funnel) for funnel in c["funnel"]]


def _funnel(funnel: Mapping[str, Any]) -> dict[str, Any]:
    rows = sorted(funnel["dropped"], key=lambda row: (-row["count"], row["source"], row["reason"]))
    steps: dict[str, int] = {}
    for row in funnel["dropped"]:
        steps[row["step"]] = steps.get(row["step"], 0) + row["count"]
    read, kept = sum(funnel["read"].values()), sum(funnel["kept"].values())
    bars = [Bar("items read", read), *(Bar(f"dropped: {step}", many, state="failed") for step, many in steps.items()),
            Bar("samples kept", kept, state="completed")]  # fmt: skip
    return {
        "category": funnel["category"], "read": read, "kept": kept,
        "dropped": sum(steps.values()), "rows": rows,
        "drawing": charts.bars(f"the funnel of {funnel['category']}", bars),
    }  # fmt: skip
