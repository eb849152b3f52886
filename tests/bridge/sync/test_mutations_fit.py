"""`make mutations` takes long and is run by hand: that each of its mutations still has its place in the code is checked here."""

import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[3] / "tools"


def test_each_mutation_stands_where_it_is_looked_for() -> None:
    sys.path.insert(0, str(TOOLS))
    try:
        from mutants import MUTANTS
        from mutations import times_there
    finally:
        sys.path.remove(str(TOOLS))
    assert [one.name for one in MUTANTS if times_there(one) != 1] == []
