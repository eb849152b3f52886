"""The part of `find` that both embedded sides share: one value may be spelled in several ways."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from kakehashi.bridge.sides.records import Value

Spelled = Callable[[str], tuple[str, ...]]


def one_spelling(normal: Callable[[str], str]) -> Spelled:
    """Where there is no other spelling than the normal one."""
    return lambda text: (normal(text),)


def all_keys(wanted: Mapping[Value, Sequence[str]]) -> set[str]:
    return {key for keys in wanted.values() for key in keys if key}


def by_value(wanted: Mapping[Value, Sequence[str]], rows: Iterable[tuple[str, int]]) -> Mapping[Value, tuple[int, ...]]:
    """Rows are (key, record id). By value: who holds any of its spellings, the oldest first."""
    holders: dict[str, list[int]] = {}
    for key, record_id in rows:
        holders.setdefault(key, []).append(record_id)
    return {
        value: tuple(sorted({one for key in keys for one in holders.get(key, ())})) for value, keys in wanted.items()
    }
