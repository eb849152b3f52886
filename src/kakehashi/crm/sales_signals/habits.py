"""What people want to hear of, and how."""

from collections.abc import Collection, Mapping, Sequence

from kakehashi.crm.orgs.access import CrmAccess

from .models import Channel, Signal, SignalHabit, SignalMute

Whose = tuple[int, int]
"""The ids of an org and a person."""


def as_wanted(signals: Sequence[Signal], absorbed: Mapping[str, Collection[str]]) -> list[Signal]:
    """Those that their people want to hear of, each on its channel. `absorbed` are threads by the one that they went into: who silenced
    one of them hears nothing of it either. Two queries, however many there are.
    """
    if not signals:
        return []
    whose = {(one.org_id, one.person_id) for one in signals}
    channels, mutes = _channels(whose), _mutes(whose)
    kept = []
    for signal in signals:
        key = (signal.org_id, signal.person_id)
        channel = channels.get(key, {}).get(signal.kind, Channel.BELL)
        threads = [signal.thread, *absorbed.get(signal.thread, ())]
        is_muted = (*key, signal.record_id, "") in mutes or any((*key, None, one) in mutes for one in threads)
        if channel != Channel.OFF and not is_muted:
            signal.channel = channel
            kept.append(signal)
    return kept


def channels_of(access: CrmAccess) -> Mapping[str, str]:
    """By kind; those that are not named ring."""
    return _channels({(access.org.pk, access.person.pk)}).get((access.org.pk, access.person.pk), {})


def choose_channels(access: CrmAccess, wanted: Mapping[str, str]) -> None:
    """Kinds that are not among them stay as they are; what is no channel is the bell."""
    chosen = {kind: channel if channel in Channel.values else Channel.BELL for kind, channel in wanted.items()}
    channels = {**channels_of(access), **{kind: str(channel) for kind, channel in chosen.items()}}
    SignalHabit.objects.update_or_create(org=access.org, person=access.person, defaults={"channels": channels})


def _channels(whose: set[Whose]) -> Mapping[Whose, Mapping[str, str]]:
    rows = SignalHabit.objects.filter(org__in={org for org, _person in whose}, person__in={one for _org, one in whose})
    return {(row.org_id, row.person_id): row.channels for row in rows}


def _mutes(whose: set[Whose]) -> set[tuple[int, int, int | None, str]]:
    rows = SignalMute.objects.filter(org__in={org for org, _person in whose}, person__in={one for _org, one in whose})
    return set(rows.values_list("org_id", "person_id", "record_id", "thread"))
