"""A Croissant file through ML Commons' own library: what it says against it, the records it loads."""

import json
import logging
import sys

import mlcroissant


class Said(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def plain(value: object) -> object:
    if isinstance(value, bytes):
        return value.decode()
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return [plain(one) for one in value] if isinstance(value, list) else value


def main(path: str) -> None:
    said = Said()
    logging.getLogger().addHandler(said)
    data = mlcroissant.Dataset(jsonld=path)
    rows = [
        {name.partition("/")[2]: plain(value) for name, value in row.items()}
        for row in data.records("messages")
    ]
    files = {file.id: [file.sha256, file.content_size] for file in data.metadata.distribution}
    print(json.dumps({"said": said.lines, "rows": rows, "files": files}))


main(**json.load(sys.stdin))
