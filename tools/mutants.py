"""The mutations: how the sync could be broken without anybody seeing it in the code."""

from dataclasses import dataclass

SYNC = "bridge/sync"
EVENTS = "core/events"
PAIR = "tests/bridge/sync/test_reconciling_one_pair.py"
MATCH = "tests/bridge/sync/test_matching_a_record.py"
WAYS = "tests/bridge/sync/test_two_ways.py"
ONE_WAY = "tests/bridge/sync/test_one_way_sync.py"
HISTORIES = "tests/bridge/sync/test_histories_both_ways.py"
CRASHES = "tests/bridge/sync/test_crashes.py"
CORPUS = "tests/corpus"
GAPS = "tests/core/test_reading_without_gaps.py"
SUBSCRIBERS = "tests/core/test_subscribers.py"


@dataclass(frozen=True, slots=True)
class Mutant:
    """`file` is below src/kakehashi; `tests` are those that should notice, the quickest first."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def _reconcile(name: str, old: str, new: str) -> Mutant:
    return Mutant(f"reconcile: {name}", f"{SYNC}/reconcile.py", old, new, (PAIR, CORPUS, WAYS))


def _writing(name: str, old: str, new: str) -> Mutant:
    return Mutant(f"reconciling: {name}", f"{SYNC}/reconciling.py", old, new, (WAYS, ONE_WAY, CRASHES, HISTORIES))


def _matching(name: str, old: str, new: str) -> Mutant:
    return Mutant(f"matching: {name}", f"{SYNC}/matching.py", old, new, (MATCH,))


def _cursor(name: str, file: str, old: str, new: str) -> Mutant:
    return Mutant(f"cursor: {name}", f"{EVENTS}/{file}", old, new, (SUBSCRIBERS, GAPS, CRASHES))


MUTANTS = (
    _reconcile("one changed side is taken for none", "if not crm_changed and not desk_changed:", "if not crm_changed or not desk_changed:"),
    _reconcile("equal values keep their old bases", "result.crm_base[state.name], result.desk_base[state.name] = state.crm, state.desk", "pass"),
    _reconcile("an empty CRM value beats the Desk's", 'if state.crm is None:\n        return "desk", VALUE_BEATS_EMPTY', "pass"),
    _reconcile("an empty Desk value beats the CRM's", 'if state.desk is None:\n        return "crm", VALUE_BEATS_EMPTY', "pass"),
    _reconcile("the older change wins", "one > other", "one < other"),
    _reconcile("the rule that the Desk wins is not read", 'if state.direction == "to_crm" or state.rule == "desk_wins":', 'if state.direction == "to_crm":'),
    _reconcile("nobody is asked", "return state.choice, DECIDED", 'return "crm", DECIDED'),
    _reconcile("what the Desk loses is not kept", 'result.losers.append(Loser(state.name, "desk", state.desk, state.crm_as_desk, rule))', "pass"),
    _reconcile("what the CRM loses is not kept", 'result.losers.append(Loser(state.name, "crm", state.crm, state.desk_as_crm, rule))', "pass"),
    _reconcile("one way goes both ways", 'elif desk_changed and state.direction != "to_desk":', "elif desk_changed:"),
    _reconcile("the other way goes both ways", 'elif crm_changed and state.direction != "to_crm":', "elif crm_changed:"),
    _writing("losers are journalled after the write", "    _journal_losers(batch, subjects, results)\n    waiting = list(subjects)\n    for side in _SIDES:\n        waiting = _write(batch, waiting, results, side)\n", "    waiting = list(subjects)\n    for side in _SIDES:\n        waiting = _write(batch, waiting, results, side)\n    _journal_losers(batch, subjects, results)\n"),
    _writing("a write does not ask for the version", "return Patch(record.id, record.version, values)", "return Patch(record.id, None, values)"),
    _writing("a stale write counts as done", 'if outcome.state in {"stale", "missing"}:\n        batch.findings.look_again(subject)', 'if outcome.state in {"stale", "missing"}:\n        batch.findings.settle(subject)'),
    _writing("the base is what was sent, not what was stored", "    kept = base_of(stored, pairs, side=side)\n", "    kept = base_of(subject.pair.record(source), pairs, side=source)\n"),
    _writing("the base of the source moves past what was read", "    read = base_of(subject.pair.record(source), pairs, side=source)\n", "    read = {name: None for name in names}\n"),
    _writing("an open reference is an empty one", 'if references.open_target(pair, "crm", both.crm) is not None:\n        return None', "pass"),
    _matching("a shared key joins", "if rung.holders_here > 1:", "if rung.holders_here > 2:"),
    _matching("the first of several is taken", "if len(ids) > 1:", "if len(ids) > 2:"),
    _matching("a linked candidate is shared", "if candidate.is_linked:", "if False:"),
    _matching("a candidate of a deleted record is taken", "if candidate.is_ours:", "if False:"),
    _matching("one who was left apart is taken", "if candidate.is_apart:", "if False:"),
    _matching("doubts are not heard", "if candidate.is_doubtful:", "if False:"),
    Mutant("step: dirty rows are cleared although marked again", f"{SYNC}/outcome.py", "AND bridge_dirty.seq = seen.seq", "", (CRASHES, HISTORIES)),
    Mutant("step: references are not filled in later", f"{SYNC}/outcome.py", "        _wake_those_who_wait(bench, module, findings.newly_live)\n", "", (CORPUS, WAYS, ONE_WAY)),
    Mutant("step: who is held is never asked again", f"{SYNC}/outcome.py", "        _wake_held(bench, module, findings.news(subjects), findings.mentioned)\n", "", (CORPUS,)),
    Mutant("marking: a record that is dirty already is not marked again", f"{SYNC}/marking.py", "DO UPDATE SET seq = EXCLUDED.seq, next_try_at = NULL", "DO NOTHING", (HISTORIES, CRASHES)),
    Mutant("ending: tickets do not block a deletion", f"{SYNC}/ending.py", "[one for one in there if one not in in_use] if follows", "list(there) if follows", (ONE_WAY, CORPUS)),
    Mutant("ending: what we deleted is not told from what a person did", f"{SYNC}/ending.py", "        link.evidence = {_REMOVING: source}\n", "        pass\n", (CRASHES, HISTORIES)),
    Mutant("tombstone: one deleted in the Desk comes back", f"{SYNC}/subjects.py", 'return "nothing" if crm.is_deleted or desk_is_away else "revive"', 'return "nothing" if crm.is_deleted else "revive"', (ONE_WAY, CORPUS, CRASHES)),
    Mutant("making: a second attempt does not find the first", f"{SYNC}/batch.py", 'return key_of(self.connection.pk, self.module.name, subject.home_id)', 'return key_of(self.connection.pk, self.module.name, id(subject))', (CRASHES, HISTORIES)),
    _cursor("rows of running transactions are passed over", "reading.py", "SELECT min(xid::text::bigint) FROM now, pg_snapshot_xip(snapshot) AS xid", "SELECT NULL::bigint FROM now, pg_snapshot_xip(snapshot) AS xid"),
    _cursor("a full batch moves to the head", "reading.py", "if len(rows) == limit:", "if len(rows) > limit:"),
    _cursor("the epoch is not asked for", "reading.py", "    if position.epoch != current_epoch():\n        raise PositionIsVoid\n    horizon", "    horizon"),
    _cursor("it moves without its work", "subscribers.py", "        with transaction.atomic():\n            if batch.markers:\n                subscriber.handle(batch.markers)\n            move_cursor(subscriber.name, batch.after)\n", "        move_cursor(subscriber.name, batch.after)\n        with transaction.atomic():\n            if batch.markers:\n                subscriber.handle(batch.markers)\n"),
    _cursor("a batch that fails is skipped", "subscribers.py", "        _handle_one_by_one(subscriber, batch)\n", "        move_cursor(subscriber.name, batch.after)\n"),
    _cursor("two read at once", "subscribers.py", "        if not is_ours:\n            return False\n        _retry_due_problems", "        _retry_due_problems"),
    _cursor("a paused one reads on", "subscribers.py", "if cursor and cursor.paused_at:\n        return False", "pass"),
    _cursor("a void position is read from the start without a comparison", "subscribers.py", "        subscriber.recover()\n", "        pass\n"),
    _cursor("a problem is never tried again", "subscribers.py", "        _retry_due_problems(subscriber)\n", ""),
)  # fmt: skip
