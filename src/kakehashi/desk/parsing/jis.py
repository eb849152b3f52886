"""ISO-2022-JP as it is really sent: with the signs of NEC and IBM (①, ㈱, 髙) that Python's own codecs refuse, and half-width katakana.

Each escape sequence says what follows; a run of JIS X 0208 is moved to where Windows' code page 932 has the same sign.
"""

import re

_ESCAPE = re.compile(rb"\x1b(?:\$[@AB]|\$\([@-D]|\([BJIH]|&@)|[\x0e\x0f]")
_LINE_END = re.compile(rb"(\r?\n)")
HAS_ESCAPES = re.compile(rb"\x1b\$[@AB(]|\x1b\([BJI]")


def decode_iso_2022(data: bytes) -> str:
    """Never raises: what is no sign at all becomes U+FFFD. Every line starts in ASCII again, as RFC 1468 says."""
    return "".join(_decode_line(line) for line in _LINE_END.split(data))


def _decode_line(line: bytes) -> str:
    kind, position, parts = b"\x1b(B", 0, []
    for escape in _ESCAPE.finditer(line):
        parts.append(_decode_run(kind, line[position : escape.start()]))
        kind, position = escape[0], escape.end()
    parts.append(_decode_run(kind, line[position:]))
    return "".join(parts)


def _decode_run(kind: bytes, run: bytes) -> str:
    if not run:
        return ""
    if kind in {b"\x1b$@", b"\x1b$B", b"\x1b$(@", b"\x1b$(B"}:
        return _in_code_page_932(run)
    if kind in {b"\x1b(I", b"\x0e"}:
        return bytes(byte | 0x80 if 0x20 < byte < 0x60 else byte for byte in run).decode("cp932", "replace")
    if kind == b"\x1b$(D":
        high = b"".join(b"\x8f" + bytes(byte | 0x80 for byte in pair) for pair in _pairs(run))
        return high.decode("euc_jp", "replace")
    if kind in {b"\x1b$A", b"\x1b$(A"}:
        return bytes(byte | 0x80 for byte in run).decode("gb2312", "replace")
    if kind == b"\x1b$(C":
        return bytes(byte | 0x80 for byte in run).decode("euc_kr", "replace")
    return run.decode("ascii") if run.isascii() else run.decode("cp932", "replace")


def _in_code_page_932(run: bytes) -> str:
    return b"".join(_to_932(pair) for pair in _pairs(run)).decode("cp932", "replace")


def _to_932(pair: bytes) -> bytes:
    """JIS row and cell to the two bytes of code page 932. What stands outside the table (a space, a broken byte) stays."""
    if len(pair) < 2:
        return pair
    row, cell = pair[0] & 0x7F, pair[1] & 0x7F
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return pair
    lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
    trail = cell + 0x7E if row % 2 == 0 else cell + (0x1F if cell < 0x60 else 0x20)
    return bytes([lead, trail])


def _pairs(run: bytes) -> list[bytes]:
    return [run[at : at + 2] for at in range(0, len(run), 2)]
