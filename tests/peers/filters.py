"""Gopher's and C4's filters as datatrove has them, on one core.

In: `path` of a file with one text in a line of JSON, `splitter`: `own` for datatrove's, else ours.
Out: seconds of processor time, and for each text what each filter said: a reason, or nothing.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["LOGURU_LEVEL"] = "ERROR"
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
sys.path.insert(0, str(Path(__file__).parents[2]))


def filters(splitter):
    from datatrove.pipeline.filters import (
        C4QualityFilter,
        GopherQualityFilter,
        GopherRepetitionFilter,
        c4_filters,
        gopher_quality_filter,
        gopher_repetition_filter,
    )

    if splitter != "own":
        from functools import lru_cache

        from corpus.operators.quality import words

        split = lru_cache(5)(words.words)
        gopher_quality_filter.split_into_words = lambda text, language: split(text)
        gopher_repetition_filter.split_into_words = lambda text, language: split(text)
        c4_filters.split_into_sentences = lambda text, language: words.sentences(text)
    return GopherQualityFilter(), GopherRepetitionFilter(), C4QualityFilter()


def verdict(one, text):
    from datatrove.data import Document

    document = Document(text=text, id="0")
    said = one.filter(document)
    return ["" if said is True else said[1], document.text]


def main():
    asked = json.load(sys.stdin)
    lines = Path(asked["path"]).read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line) for line in lines]
    chain = filters(asked["splitter"])
    for text in texts[:5]:
        [verdict(one, text) for one in chain]
    start = time.process_time()
    said = [[verdict(one, text) for one in chain] for text in texts]
    seconds = time.process_time() - start
    answer = [[reason for reason, _ in row] + [row[2][1]] for row in said]
    print(json.dumps({"seconds": seconds, "verdicts": answer}))


main()
