"""What has to be put right in a mail's bytes before Python's own parser can read it. Each repair answers a mail that exists."""

import re

_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:")
_MAILBOX_LINE = re.compile(rb">?From [^:\s]\S* ")  # files of mail part their mails so
_SPACE_BEFORE_COLON = re.compile(rb"^([!-9;-~]+)[ \t]+:")
_BOUNDARY_LINE = re.compile(rb"^--([^\s-][^\r\n]{0,80}?)[ \t\r]*$", re.MULTILINE)
_MOST_HEADER_LINES = 2_000


def repaired(raw: bytes) -> bytes:
    """Line ends of old Macs, empty lines and byte order marks at the start, header lines that lost their indent."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if _MAILBOX_LINE.match(raw):
        raw = raw.partition(b"\n")[2]
    return _with_folded_headers(raw)


def _with_folded_headers(raw: bytes) -> bytes:
    """Python takes the first line without a colon for the start of the body; often it is the rest of a long header."""
    lines = raw.split(b"\n", _MOST_HEADER_LINES)
    end = next((at for at, line in enumerate(lines) if not line.strip()), len(lines))
    head = lines[:end]
    broken = [
        at for at, line in enumerate(head) if at and not line.startswith((b" ", b"\t")) and not _HEADER.match(line)
    ]
    spaced = [at for at, line in enumerate(head) if _SPACE_BEFORE_COLON.match(line)]
    if not broken and not spaced:
        return raw
    for at in spaced:
        head[at] = _SPACE_BEFORE_COLON.sub(rb"\1:", head[at])
    last_header = max((at for at, line in enumerate(head) if _HEADER.match(line)), default=0)
    for at in broken:
        if at < last_header:
            head[at] = b" " + head[at]
        else:
            head.insert(at, b"")  # the empty line between headers and text is missing
            break
    return b"\n".join([*head, *lines[end:]])


def boundary_in(body: bytes) -> str:
    """The boundary that a multipart forgot to name: the first line of dashes that comes more than once."""
    seen: set[bytes] = set()
    for match in _BOUNDARY_LINE.finditer(body):
        name = match[1].removesuffix(b"--")
        if name in seen:
            return name.decode("ascii", "ignore")
        seen.add(name)
    return ""
