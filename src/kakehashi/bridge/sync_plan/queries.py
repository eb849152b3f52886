"""A part of a plan: what was asked for, how many there are of each kind, and a page of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, When
from django.http import QueryDict

from kakehashi.bridge.sync.models import Module, Run, Side
from kakehashi.bridge.sync.outcome_models import PlanRow

ROWS_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """What of a plan is looked at; empty means all. `side` is where the records live that rows are about."""

    module: str = ""
    kind: str = ""
    side: str = ""
    text: str = ""
    left_out: bool = False

    def filters(self) -> Q:
        wanted = Q()
        for name in ("module", "kind", "side"):
            if value := getattr(self, name):
                wanted &= Q(**{name: value})
        if self.text:
            wanted &= Q(name__icontains=self.text) | Q(partner_name__icontains=self.text)
        return wanted & Q(is_approved=False) if self.left_out else wanted

    def query(self, **other: str) -> str:
        """The same as a part of an address, with some of it changed."""
        values = {"module": self.module, "kind": self.kind, "side": self.side, "q": self.text} | other
        if self.left_out and "left_out" not in other:
            values["left_out"] = "1"
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in values.items() if value})
        return query.urlencode()


def read_choice(data: Mapping[str, str]) -> PlanChoice:
    """What is no choice of ours counts as none."""
    return PlanChoice(
        module=_one_of(data.get("module", ""), Module.values),
        kind=_one_of(data.get("kind", ""), PlanRow.Kind.values),
        side=_one_of(data.get("side", ""), Side.values),
        text=data.get("q", "").strip()[:100],
        left_out=bool(data.get("left_out")),
    )


def rows_of(run: Run, choice: PlanChoice) -> QuerySet[PlanRow]:
    """What happens to something comes before that with which nothing does."""
    rows = PlanRow.objects.filter(choice.filters(), run=run)
    return rows.order_by(Case(When(kind=PlanRow.Kind.SKIP, then=1), default=0), "pk")


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """Of the modules and sides looked at: how many rows of each kind, and how many were left out."""

    by_kind: Mapping[str, int]
    left_out: int

    @property
    def total(self) -> int:
        return sum(self.by_kind.values())


def counts_of(run: Run, choice: PlanChoice) -> PlanCounts:
    """One query."""
    wanted = PlanChoice(module=choice.module, side=choice.side).filters()
    rows = PlanRow.objects.filter(wanted, run=run).order_by().values_list("kind", "is_approved").annotate(Count("id"))
    by_kind: Counter[str] = Counter()
    left_out = 0
    for kind, is_approved, count in rows:
        by_kind[kind] += count
        left_out += 0 if is_approved else count
    return PlanCounts(by_kind, left_out)


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""


def all_rows(run: Run, choice: PlanChoice) -> Iterator[PlanRow]:
    """For a file: any number of them, never all in memory."""
    return rows_of(run, choice).iterator(chunk_size=500)
