"""Tables: a file of any bytes is read as its schema says, or refused in one line."""

import json
import os
import tempfile
from pathlib import Path

import atheris
from harness import fuzz, refused

with atheris.instrument_imports(include=["analysis"]):
    from analysis.errors import InputError
    from analysis.sources import packages, schema, tables

NAME = "processed/made"
FIELDS = [
    {"name": "year", "type": "integer", "constraints": {"required": True, "minimum": 1900}},
    {"name": "name", "type": "string", "constraints": {"pattern": "[^;]+"}},
    {"name": "share", "type": "number", "constraints": {"maximum": 100}},
    {"name": "day", "type": "date"},
    {"name": "known", "type": "boolean", "trueValues": ["True"], "falseValues": ["False"]},
    {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"]}},
]
HEADER = ",".join(str(field["name"]) for field in FIELDS)
ROWS = [
    "2017,Wuhan,52.88,2017-07-20,True,a",
    '2018,"Beijing, Tianjin",-1e-3,,False,',
    "2019,北京,,2020-02-29,,b",
]
DESCRIBED = {
    "name": "made",
    "publisher": "None",
    "edition": "2022",
    "licenses": [{"name": "CC0-1.0"}],
    "resources": [
        {
            "name": "made",
            "path": "made.csv",
            "schema": {"fields": FIELDS, "primaryKey": ["year", "name"]},
        }
    ],
}
FOLDER = Path(tempfile.mkdtemp()) / "data"


def one(data: bytes) -> None:
    """Read bytes as the table; with a header that is right if the first byte is even."""
    head = f"{HEADER}\n".encode() if data and data[0] % 2 == 0 else b""
    packages.table(NAME).path.write_bytes(head + data[1:])
    broken = schema.broken(packages.table(NAME))
    assert all(line and "\n" not in line for line in broken), broken
    try:
        frame = tables.read(NAME)
    except InputError as error:
        assert str(error) == broken[0]
        return refused(error)
    assert not broken and list(frame.columns) == HEADER.split(",") and len(frame)
    rows = tables.rows(NAME)
    assert len(rows) == len(frame), "a key of its own for every row"
    tables.write(frame, NAME)
    again = tables.read(NAME)
    assert again.equals(frame) and list(again.dtypes) == list(frame.dtypes)


if __name__ == "__main__":
    for folder in ("raw", "registry", "processed"):
        (FOLDER / folder).mkdir(parents=True)
    (FOLDER / "processed/datapackage.json").write_text(json.dumps(DESCRIBED))
    os.environ["ANALYSIS_DATA"] = str(FOLDER)
    text = "\n".join(ROWS).encode()
    whole = f"\x01{HEADER}\n".encode()
    fuzz(one, [b"\0" + text, b"\0" + text.replace(b"\n", b"\r\n"), whole + text])
