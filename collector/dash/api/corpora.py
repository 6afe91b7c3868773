"""Corpora: what they hold, where a sample came from, whether they are whole, how two differ.

Of mixtures that are not built: the recipes, and what was last planned. Building is a host's work
for minutes and hours, and is left to the command line.
"""

from __future__ import annotations

from fastapi import APIRouter

from collector.dash import keeping
from collector.dash.api.asks import Name, Operator, Reason
from collector.dash.api.schemas import Document, told
from collector.dash.damage import OfFiles
from collector.dash.pages.show import At
from collector.dash.turns import alone

router = APIRouter(tags=["corpus"], route_class=OfFiles)


@router.get("/corpora", responses=told("corpus", "names"))
def corpus_names(at: At) -> Document:
    """The corpora of this home."""
    from collector.views import corpus

    return Document({"corpora": corpus.names(at.settings.home)})


@router.get("/corpora/{name}", responses=told("corpus", "stats"))
def corpus_stats(at: At, name: Name) -> Document:
    """Tokens by text and image, category, source, language and licence; what was dropped and why."""
    from collector.views import corpus
    from corpus import stats

    return Document(stats.read(corpus.root_of(at.settings.home, name)))


@router.get("/corpora/{name}/why/{sample}", responses=told("corpus", "why"))
def corpus_why(at: At, name: Name, sample: Name) -> Document:
    """Where a sample came from: source, licence, each change, shard and offset."""
    from collector.views import corpus
    from corpus import ledger

    return Document(ledger.why(corpus.root_of(at.settings.home, name), sample))


@router.get("/corpora/{name}/diff/{other}", responses=told("corpus", "diff"))
def corpus_diff(at: At, name: Name, other: Name) -> Document:
    """Which samples entered, left, were made anew or moved from this corpus to the other."""
    from collector.views import corpus

    old, new = (corpus.root_of(at.settings.home, one) for one in (name, other))
    with alone("a comparison of corpora"):
        return Document(corpus.compared(old.parent, old.name, new.name))


@router.post("/corpora/{name}/verify", responses=told("corpus", "verify"))
def corpus_verify(at: At, who: Operator, name: Name, why: Reason) -> Document:
    """Read every byte of a corpus and name what differs from its manifest."""
    return Document(keeping.verify(at, who, name, why.reason))


@router.get("/recipes", responses=told("corpus", "recipes"))
def recipe_list(at: At) -> Document:
    """The recipes that are shipped, planned or built."""
    from collector.views import mixture

    return Document({"recipes": mixture.recipes(at.settings.home)})


@router.get("/recipes/{name}/plan", responses=told("corpus", "plan"))
def recipe_plan(at: At, name: Name) -> Document:
    """What a build would take from each source, as it was last planned on this host."""
    from collector.views import mixture

    return Document(mixture.planned(at.settings.home, name))


@router.get("/recipe-schema", responses=told("corpus", "schema"))
def recipe_schema() -> Document:
    """The JSON schema of a recipe."""
    from corpus.recipe import Recipe

    return Document(Recipe.model_json_schema())
