from django.db.models import Count

from .models import BulkChange, BulkRow


def figures_of(change: BulkChange) -> dict[str, int]:
    """How many of its tickets wait, were changed, were so already, were left out; and of how many it is, how many are done."""
    found = BulkRow.objects.filter(change=change).values_list("state").annotate(count=Count("pk")).order_by()
    figures = {"waiting": 0, "changed": 0, "unchanged": 0, "skipped": 0, **dict(found)}
    return {**figures, "total": sum(figures.values()), "done": sum(figures.values()) - figures["waiting"]}
