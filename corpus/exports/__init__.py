"""A finished corpus in the formats of other trainers: MDS, Hugging Face parquet, msgpack."""

from corpus.exports.run import FORMATS, Exported, export

__all__ = ["FORMATS", "Exported", "export"]
