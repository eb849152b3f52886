"""The HTML of a mail comes from its text, so that the two can never say different things."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a mail: "link" has a label and an address, "list" its items, "head" is one line right above a list, "text" its lines,
    "foot" what follows "--".
    """

    kind: str
    lines: tuple[str, ...] = ()
    url: str = ""


def blocks_of(text: str) -> list[Block]:
    """Paragraphs are parted by empty lines. A paragraph that ends in a line with nothing but an address is a link."""
    body, _, foot = text.replace("\r\n", "\n").partition("\n--\n")
    blocks = [_block(paragraph) for paragraph in body.split("\n\n") if paragraph.strip()]
    blocks = [
        _as_head(block) if _is_head(block, after) else block for block, after in pairwise([*blocks, Block("end")])
    ]
    return [*blocks, Block("foot", _lines(foot))] if foot.strip() else blocks


def _is_head(block: Block, after: Block) -> bool:
    return block.kind == "text" and len(block.lines) == 1 and after.kind == "list"


def _as_head(block: Block) -> Block:
    return Block("head", block.lines)


def _block(paragraph: str) -> Block:
    lines = _lines(paragraph)
    if lines[-1].startswith(("https://", "http://")) and " " not in lines[-1]:
        return Block("link", (" ".join(lines[:-1]).rstrip(":：") or lines[-1],), url=lines[-1])
    if all(line.startswith("- ") for line in lines):
        return Block("list", tuple(line[2:] for line in lines))
    return Block("text", lines)


def _lines(paragraph: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in paragraph.strip().splitlines() if line.strip())
