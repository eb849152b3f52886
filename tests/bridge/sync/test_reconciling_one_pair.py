"""Design §6: what a three-way comparison of one field decides, over all that can be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.bridge.sync.reconcile import FieldState, Result, reconcile

VALUES = st.sampled_from([None, "a", "b", "c"])
RULES = st.sampled_from(["crm_wins", "desk_wins", "newest_wins", "ask"])


@st.composite
def states(draw: st.DrawFn, direction: str = "both") -> FieldState:
    crm, desk = draw(VALUES), draw(VALUES)
    return FieldState(
        name="phone",
        crm=crm,
        desk=desk,
        crm_base=draw(VALUES),
        desk_base=draw(VALUES),
        crm_as_desk=crm,
        desk_as_crm=desk,
        are_equal=crm == desk,
        direction=direction,
        rule=draw(RULES),
    )


def applied(state: FieldState, result: Result) -> FieldState:
    """The pair after the decision was carried out."""
    desk = result.desk_writes[0].new if result.desk_writes else state.desk
    crm = result.crm_writes[0].new if result.crm_writes else state.crm
    written = bool(result.desk_writes or result.crm_writes)
    return FieldState(
        name=state.name,
        crm=crm,
        desk=desk,
        crm_base=crm if written else result.crm_base.get("phone", state.crm_base),
        desk_base=desk if written else result.desk_base.get("phone", state.desk_base),
        crm_as_desk=crm,
        desk_as_crm=desk,
        are_equal=crm == desk,
        direction=state.direction,
        rule=state.rule,
    )


@given(states())
def test_both_ways_the_sides_agree_afterwards_unless_a_person_must_decide_or_nothing_changed(state: FieldState) -> None:
    result = reconcile([state])
    after = applied(state, result)
    untouched = state.crm == state.crm_base and state.desk == state.desk_base
    assert after.crm == after.desk or result.conflicts or untouched


@given(states())
def test_a_second_look_finds_nothing_to_write(state: FieldState) -> None:
    result = reconcile([state])
    second = reconcile([applied(state, result)])
    assert not second.desk_writes
    assert not second.crm_writes


@given(states())
def test_a_value_that_is_overwritten_after_an_edit_is_among_the_losers(state: FieldState) -> None:
    result = reconcile([state])
    lost = [(loser.side, loser.value) for loser in result.losers]
    if result.desk_writes and state.desk != state.desk_base:
        assert ("desk", state.desk) in lost
    if result.crm_writes and state.crm != state.crm_base:
        assert ("crm", state.crm) in lost


@given(states())
def test_an_empty_value_beats_a_value_only_if_nothing_else_changed(state: FieldState) -> None:
    result = reconcile([state])
    if result.desk_writes and result.desk_writes[0].new is None:
        assert state.desk == state.desk_base
    if result.crm_writes and result.crm_writes[0].new is None:
        assert state.crm == state.crm_base


@given(states(direction="to_desk"))
def test_one_way_the_crm_is_never_written(state: FieldState) -> None:
    assert not reconcile([state]).crm_writes


@given(states(direction="to_desk"))
def test_one_way_a_desk_edit_stays_until_the_crm_value_changes(state: FieldState) -> None:
    if state.crm == state.crm_base:
        assert not reconcile([state]).desk_writes


def make_state(**values: object) -> FieldState:
    defaults = {"name": "phone", "crm": "1", "desk": "1", "crm_base": "1", "desk_base": "1"}
    merged = {**defaults, **values}
    merged |= {
        "crm_as_desk": merged["crm"],
        "desk_as_crm": merged["desk"],
        "are_equal": merged["crm"] == merged["desk"],
    }
    return FieldState(**merged)  # type: ignore[arg-type]


def test_a_crm_edit_travels() -> None:
    result = reconcile([make_state(crm="2")])
    assert [(write.old, write.new) for write in result.desk_writes] == [("1", "2")]
    assert result.losers == []


def test_a_cleared_crm_value_clears_the_desk_value() -> None:
    assert reconcile([make_state(crm=None)]).desk_writes[0].new is None


def test_two_different_edits_are_decided_for_the_crm_and_the_loser_is_kept() -> None:
    result = reconcile([make_state(crm="2", desk="3")])
    assert result.desk_writes[0].new == "2"
    assert (result.losers[0].side, result.losers[0].value) == ("desk", "3")


def test_equal_edits_on_both_sides_only_move_the_bases() -> None:
    result = reconcile([make_state(crm="2", desk="2")])
    assert result.is_quiet
    assert result.crm_base == result.desk_base == {"phone": "2"}


@pytest.mark.parametrize("later", ["crm", "desk"])
def test_the_newest_wins_where_the_rule_says_so(later: str) -> None:
    from datetime import UTC, datetime

    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    state = make_state(crm="2", desk="3", rule="newest_wins", direction="both")
    result = reconcile(
        [state],
        crm_modified_at=new if later == "crm" else old,
        desk_modified_at=new if later == "desk" else old,
    )
    assert bool(result.desk_writes) == (later == "crm")
    assert bool(result.crm_writes) == (later == "desk")


@pytest.mark.parametrize(("rule", "written"), [("crm_wins", "desk"), ("desk_wins", "crm")])
def test_the_rule_says_whose_edit_holds_and_the_other_one_is_kept(rule: str, written: str) -> None:
    result = reconcile([make_state(crm="2", desk="3", rule=rule, direction="both")])
    assert (bool(result.desk_writes), bool(result.crm_writes)) == (written == "desk", written == "crm")
    assert [(loser.side, loser.value) for loser in result.losers] == [(written, "3" if written == "desk" else "2")]


def test_where_the_rule_is_to_ask_nothing_is_written_until_somebody_has_chosen() -> None:
    assert reconcile([make_state(crm="2", desk="3", rule="ask", direction="both")]).conflicts == ["phone"]
    chosen = reconcile([make_state(crm="2", desk="3", rule="ask", direction="both", choice="desk")])
    assert (chosen.conflicts, chosen.crm_writes[0].new) == ([], "3")


def test_each_edit_goes_only_the_way_that_its_field_goes() -> None:
    assert reconcile([make_state(desk="3", direction="to_desk")]).is_quiet
    assert reconcile([make_state(crm="2", direction="to_crm")]).is_quiet


@pytest.mark.parametrize(("crm", "desk", "written"), [(None, "3", "crm"), ("2", None, "desk")])
def test_emptied_here_and_edited_there_the_value_holds(crm: str | None, desk: str | None, written: str) -> None:
    result = reconcile(
        [make_state(crm=crm, desk=desk, direction="both", rule="desk_wins" if desk is None else "crm_wins")]
    )
    assert (bool(result.crm_writes), bool(result.desk_writes)) == (written == "crm", written == "desk")
