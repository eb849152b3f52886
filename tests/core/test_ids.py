"""What browsers send as ids."""

from kakehashi.core.ids import id_in, ids_in, version_in

TOO_LONG = "9" * 5_000  # Python refuses to make a number of so many digits


def test_what_no_column_holds_is_no_id() -> None:
    assert [id_in(text) for text in ("17", "0", "", None, "-1", "1.0", " 1", TOO_LONG)] == [17, 0, *[None] * 6]
    assert id_in("9" * 18) == 10**18 - 1


def test_each_id_counts_once_in_its_place() -> None:
    assert ids_in(["3", "x", "1", "3", TOO_LONG]) == [3, 1]


def test_a_version_that_is_none_never_fits() -> None:
    assert [version_in(text) for text in ("4", "", "x", TOO_LONG)] == [4, 0, 0, 0]
