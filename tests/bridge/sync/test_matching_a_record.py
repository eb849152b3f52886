"""Design §6 and lessons A: whom a record is matched with, and when nobody may decide that but a person."""

from kakehashi.bridge.sync.matching import Candidate, Create, Hold, LinkTo, Rung, decide


def rung(*candidates: Candidate, holders: int = 1, field: str = "Email") -> Rung:
    return Rung(field, holders, candidates)


def test_nobody_has_the_key_so_it_is_created() -> None:
    assert decide([rung()]) == Create()


def test_a_record_without_any_key_is_created() -> None:
    assert decide([]) == Create()


def test_the_only_free_candidate_is_linked() -> None:
    assert decide([rung(Candidate(7))]) == LinkTo(7, "Email")


def test_several_candidates_are_put_before_a_person() -> None:
    assert decide([rung(Candidate(7), Candidate(8))]) == Hold("several_candidates", "Email", (7, 8))


def test_an_address_that_several_people_share_joins_nobody() -> None:
    assert decide([rung(Candidate(7), holders=2)]) == Hold("shared_key", "Email", (7,))
    assert decide([rung(holders=2)]) == Hold("shared_key", "Email", ())


def test_a_candidate_of_somebody_else_is_not_shared() -> None:
    assert decide([rung(Candidate(7, is_linked=True))]) == Hold("candidate_is_linked", "Email", (7,))
    assert decide([rung(Candidate(7, is_ours=True))]) == Hold("candidate_had_link", "Email", (7,))


def test_the_first_rung_with_a_candidate_decides() -> None:
    assert decide([rung(), rung(Candidate(9), field="Secondary_Email")]) == LinkTo(9, "Secondary_Email")
    assert decide([rung(Candidate(7)), rung(Candidate(9), field="Secondary_Email")]) == LinkTo(7, "Email")


def test_nobody_is_joined_to_one_who_was_left_apart_or_against_whom_something_speaks() -> None:
    assert decide([rung(Candidate(7, is_apart=True))]) == Hold("candidate_is_apart", "Email", (7,))
    assert decide([rung(Candidate(7, is_doubtful=True))]) == Hold("candidate_differs", "Email", (7,))
