"""Near duplicates as datatrove, datasketch and rensa find them, each on one core.

In: `system`, `path` of a file with one text in a line of JSON. Out: seconds of processor time, and which were dropped.
All of them get the same shingles: five words in lower case; and 128 permutations.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["LOGURU_LEVEL"] = "ERROR"
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
THRESHOLD, PERMUTATIONS, WIDTH = 0.8, 128, 5
WORD = re.compile(r"\w+")


def words(text):
    return WORD.findall(text.lower())


def shingles(text):
    found = words(text)
    return [" ".join(found[n : n + WIDTH]) for n in range(max(1, len(found) - WIDTH + 1))]


def rensa(texts):
    from rensa import RMinHashDeduplicator

    start = time.process_time()
    dedup = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=PERMUTATIONS, use_lsh=True)
    sets = [shingles(text) for text in texts]
    cut = time.process_time()
    kept = dedup.add_pairs((str(n), found) for n, found in enumerate(sets))
    took = time.process_time() - start
    return took, [n for n, keep in enumerate(kept) if not keep], cut - start


def datasketch(texts):
    from datasketch import MinHash, MinHashLSH

    start = time.process_time()
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    dropped, shingling = [], 0.0
    for number, text in enumerate(texts):
        before = time.process_time()
        found = [shingle.encode() for shingle in shingles(text)]
        shingling += time.process_time() - before
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch(found)
        if index.query(sketch):
            dropped.append(number)
        else:
            index.insert(number, sketch)
    return time.process_time() - start, dropped, shingling


def datatrove(texts):
    import struct
    import tempfile

    from datatrove.data import Document
    from datatrove.pipeline.dedup import MinhashDedupCluster, MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig, MinhashDedupBuckets
    from datatrove.utils.text import TextNormConfig

    plain = TextNormConfig(
        lowercase=True, norm_whitespace=False, remove_punctuation=False,
        norm_unicode_diacritics=False, norm_numbers=False,
    )  # fmt: skip
    config = MinhashConfig(n_grams=WIDTH, num_buckets=16, hashes_per_bucket=8, norm_config=plain)

    class Words:
        def word_tokenize(self, text):
            return words(text)

    with tempfile.TemporaryDirectory() as root:
        documents = [Document(text=text, id=str(n)) for n, text in enumerate(texts)]
        sign = MinhashDedupSignature(f"{root}/signatures", config=config)
        sign.word_tokenizer = Words()
        start = time.process_time()
        sign.run(iter(documents))
        signed = time.process_time() - start
        pairs = MinhashDedupBuckets(
            f"{root}/signatures", f"{root}/pairs", config=config, only_dedup_in_index=False
        )
        for bucket in range(config.num_buckets):
            pairs.run(rank=bucket, world_size=config.num_buckets)
        MinhashDedupCluster(f"{root}/pairs", f"{root}/removed", config=config).run()
        took = time.process_time() - start
        gone = Path(root, "removed", "000000.remove")
        data = gone.read_bytes() if gone.exists() else b""
        return took, [n for (n,) in struct.iter_unpack("<I", data)], signed


def main():
    asked = json.load(sys.stdin)
    lines = Path(asked["path"]).read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line) for line in lines]
    system = {"rensa": rensa, "datasketch": datasketch, "datatrove": datatrove}[asked["system"]]
    system(texts[:20])
    seconds, dropped, part = system(texts)
    print(json.dumps({"seconds": seconds, "dropped": dropped, "part_seconds": part}))


main()
