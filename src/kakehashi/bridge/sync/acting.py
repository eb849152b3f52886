"""Doing with each subject of a batch what its state calls for. What comes of it is gathered; nothing of it is remembered yet."""

from collections import defaultdict
from collections.abc import Sequence

from .batch import Batch
from .desk_merging import follow_in_desk, move_back
from .ending import note_gone, part, recall, revive, unhold
from .joining import join
from .mapping import ModulePair
from .merging import follow
from .reconciling import bring_into_step
from .subjects import Step, Subject
from .workbench import Workbench


def act(bench: Workbench, module: ModulePair, subjects: Sequence[Subject]) -> Batch:
    batch = Batch(bench, module, subjects)
    by_step: dict[Step, list[Subject]] = defaultdict(list)
    for subject in subjects:
        by_step[subject.step].append(subject)  # asked once: what a step does to a subject must not call for another one
    for subject in by_step["nothing"]:
        batch.findings.settle(subject)
    recall(batch, by_step["recall"])
    unhold(batch, by_step["unhold"])
    part(batch, by_step["part"])
    follow(batch, by_step["follow"])
    follow_in_desk(batch, by_step["follow_desk"])
    move_back(batch, by_step["move_back"])
    note_gone(batch, by_step["gone"])
    revive(batch, by_step["revive"])
    linked, lonely = by_step["reconcile"], by_step["match"]
    joined = join(batch, [one for one in lonely if one.home == "crm"], "crm")
    joined += join(batch, _still_lonely(batch, [one for one in lonely if one.home == "desk"], joined), "desk")
    if joined:
        batch.read_references_again()
    bring_into_step(batch, [*linked, *joined])
    return batch


def _still_lonely(batch: Batch, subjects: Sequence[Subject], joined: Sequence[Subject]) -> list[Subject]:
    """Desk records that a CRM record of this very batch has not just been joined to."""
    taken = {one.desk_id for one in joined}
    for subject in subjects:
        if subject.desk_id in taken:
            batch.findings.look_again(subject)
    return [one for one in subjects if one.desk_id not in taken]
