"""The corpus of awkward pairs: what two sides hold, and what a careful person would do with it. One file per theme in `pairs/`.

    [[case]]
    title = "A couple shares one address"
    lesson = "A3"                               # docs and issues that it comes from
    why = "The address says which household, not which of the two."
    crm.contacts.ichiro = { Last_Name = "田中", First_Name = "一郎", Email = "tanaka@kodama.example" }
    desk.contacts.hanako = { lastName = "田中", firstName = "花子", email = "tanaka@kodama.example" }
    expect = { ichiro = "held candidate_differs", hanako = "held candidate_differs" }

A record has a name of its own in its case; a value "@name" is that record, "@partner of name" the one that the sync made for it. `expect` says
of each record what becomes of it:

    linked NAME     has a living link with that record of the other side
    made            has a living link with a record that the sync made
    held REASON     waits for a person
    apart           was left without a partner by a person
    alone           is there, and nothing is remembered of it
    ended HOW       its link is a tombstone of that ending
    there, gone     is there, or in the recycle bin, whatever its link says
    refused         could not be written on the other side, with a reason

`after` says what fields hold in the end, `lost` which values the journal keeps because they were overwritten. Settings: `direction` ("both"
unless said), `secondary`, `overwrites`, `deletes` ("follow" or "keep"), `rules` (a rule by Desk field of contacts), `shared` (the
CRM lets several records have one value). `then` are rounds of what people do; the sync is at rest after each:

    make = "a" (from `later`) | edit = "a", to = {…} | delete = "a" | restore = "a" | ticket = "a" | merge = "kept", gone = "other" |
    part = "kept" | convert = "a" | decide = "a", as = "b" ("new", "apart") | pause = true | resume = true

Of a case whose `known` is set we decide worse than we should; it says why.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PAIRS = Path(__file__).parent / "pairs"
Values = Mapping[str, Any]
Records = Mapping[str, Mapping[str, Values]]  # values by module and name


@dataclass(frozen=True, slots=True)
class Case:
    title: str
    lesson: str
    why: str
    expect: Mapping[str, str]
    crm: Records = field(default_factory=dict)
    desk: Records = field(default_factory=dict)
    later: Mapping[str, Records] = field(default_factory=dict)  # by side
    then: Sequence[Sequence[Mapping[str, Any]]] = ()
    after: Mapping[str, Values] = field(default_factory=dict)
    lost: Sequence[Any] = ()
    direction: str = "both"
    secondary: bool = False
    overwrites: bool = True
    deletes: str = "follow"
    rules: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    known: str = ""


def themes() -> list[str]:
    return sorted(path.stem for path in PAIRS.glob("*.toml"))


def cases_of(theme: str) -> list[Case]:
    return [Case(**case) for case in tomllib.loads((PAIRS / f"{theme}.toml").read_text())["case"]]
