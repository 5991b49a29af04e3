"""Find every number in the report's text: digits, and words that quantify or rank."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError

CARDINALS = [
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
    "thirty",
    "forty",
    "fifty",
]
ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
QUANTIFIERS = [
    "half",
    "twice",
    "dozens",
    "hundreds",
    "thousands",
    "millions",
    "billions",
    "majority",
    "twofold",
]
FRACTIONS = ["two-thirds", "three-quarters", "one-third", "one-quarter"]
RANKS = ["largest", "highest-grossing", "highest-ranked", "fastest-expanding", "number one"]

WORDS = {*CARDINALS, *ORDINALS, *QUANTIFIERS, *FRACTIONS, *RANKS}
"""The words that count as numbers. "One" is none: it is nearly always a pronoun. Nor are the
ordinals of "first-tier", "first-class" and "third party", which neither count nor rank."""

_COMPOUNDS = sorted(WORDS, key=len, reverse=True)
_TOKEN = re.compile(
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|(?<![\w-])(?P<word>{'|'.join(_COMPOUNDS)})(?![a-z])(?!-(?:tier|class)| part(?:y|ies)\b)",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"^\[(P\d{3})\] ", re.MULTILINE)
_YEAR = re.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True)
class Token:
    """A number in the text.

    Attributes
    ----------
    paragraph : str
        ``"P116"``.
    position : int
        Running number of the token in its paragraph, from 1.
    token : str
        As it stands, words in lower case.
    kind : str
        ``"digits"``, ``"year"`` or ``"word"``.
    """

    paragraph: str
    position: int
    token: str
    kind: str


def tokens(text: str) -> list[Token]:
    """Return the numbers of the report's body, in order.

    Parameters
    ----------
    text : str
        The report with paragraphs marked ``[P001]`` and on; what follows the heading
        ``## References`` is left out, and so are superscript reference numbers, links and markup.

    Examples
    --------
    >>> [token.token for token in tokens("[P001] In 2021, over half of 1,200 firms.")]
    ['2021', 'half', '1,200']
    """
    body = text.split("\n## References")[0]
    return [token for name, content in _paragraphs(body) for token in _in_paragraph(name, content)]


def tokens_of(path: Path) -> list[Token]:
    """Return the numbers of the report in a file.

    Raises
    ------
    InputError
        If there is no such file, it is not UTF-8, or no paragraph is marked in it.
    """
    return tokens(_read(path))


def paragraphs_of(path: Path) -> dict[str, str]:
    """Return the paragraphs of the report in a file, by name.

    Raises
    ------
    InputError
        As :func:`tokens_of`.
    """
    return dict(_paragraphs(_read(path)))


def _read(path: Path) -> str:
    """Return the text of a report whose paragraphs are marked."""
    if not path.is_file():
        raise InputError(f"--report {path}: no such file")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"--report {path}: not UTF-8; save the file as UTF-8") from error
    if not _PARAGRAPH.search(text):
        raise InputError(f"--report {path}: no paragraph is marked [P001] and on")
    return text


def _paragraphs(body: str) -> Iterator[tuple[str, str]]:
    """Yield each paragraph's name and text."""
    marks = list(_PARAGRAPH.finditer(body))
    ends = [*(mark.start() for mark in marks), len(body)][1:]
    for mark, end in zip(marks, ends, strict=True):
        yield mark.group(1), body[mark.end() : end]


def _in_paragraph(name: str, content: str) -> Iterator[Token]:
    """Yield the numbers of one paragraph."""
    plain = re.sub(r"<https?://[^>]*>|</?u>", " ", content)
    for position, match in enumerate(_TOKEN.finditer(plain), start=1):
        text = match.group()
        number = "year" if _YEAR.fullmatch(text) else "digits"
        kind = "word" if match.group("word") else number
        yield Token(name, position, text.lower(), kind)
