"""Plots: everything inside its box, scales that people can read."""

from hypothesis import given
from hypothesis import strategies as st

from kakehashi.ui.charts import Series, ShareRow, Value, bar_plot, line_plot, shares, spark_bars, spark_line
from kakehashi.ui.drawing import picture_of, share_rows_of, small_picture_of, table_of

COUNTS = st.lists(st.integers(0, 2_000_000), min_size=1, max_size=40)
SECONDS = st.lists(st.none() | st.floats(0, 10_000_000), min_size=1, max_size=40)


def series(amounts: list[float | None], tone: str = "1") -> Series:
    return Series("Received", tone, [Value(amount, str(amount)) for amount in amounts])


def labels(amounts: list[float | None]) -> list[str]:
    return [str(at) for at in range(len(amounts))]


@given(COUNTS)
def test_bars_stand_in_the_box_and_below_the_top_of_the_scale(counts: list[int]) -> None:
    amounts: list[float | None] = [*counts]
    drawn = bar_plot("Tickets", [series(amounts), series(amounts, "2")], labels(amounts), labels(amounts))
    top = int(drawn.scale[0].replace(",", ""))
    assert max(counts) <= top
    assert all(int(words.replace(",", "")) % 1 == 0 for words in map(str, drawn.scale))
    for bar in drawn.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= drawn.width
        assert bar.y >= 0
        assert abs(bar.y + bar.height - 100) < 0.02
    assert len(drawn.bars) == 2 * sum(1 for count in counts if count)


@given(SECONDS)
def test_a_line_has_a_dot_for_each_value_and_nothing_for_a_gap(amounts: list[float | None]) -> None:
    drawn = line_plot("Times", [series(amounts)], labels(amounts), labels(amounts), words=lambda s: f"{s:.0f}")
    known = [amount for amount in amounts if amount is not None]
    assert len(drawn.lines[0].dots) == len(known)
    assert bool(drawn.lines[0].path) == (len(known) > 1)
    assert float(str(drawn.scale[0])) >= max([*known, 0]) - 0.5
    assert drawn.scale[-1] == "0"


def test_scales_are_of_round_numbers() -> None:
    def top(*amounts: float) -> object:
        return bar_plot("", [series([*amounts])], labels([*amounts]), labels([*amounts])).scale[0]

    assert [top(0), top(3), top(5), top(143), top(1_001)] == ["4", "4", "8", "200", "2,000"]


def test_a_phone_shows_few_labels_and_always_the_last() -> None:
    amounts: list[float | None] = [1.0] * 30
    axis = bar_plot("", [series(amounts)], labels(amounts), labels(amounts)).axis
    assert axis[-1] == ("29", True)
    assert sum(1 for label, _is_kept in axis if label) == 15
    assert 4 <= sum(1 for label, is_kept in axis if label and is_kept) <= 6
    assert all(label for label, is_kept in axis if is_kept)


def test_shares_fill_the_width_and_leave_out_what_is_nothing() -> None:
    assert shares([("good", 0), ("bad", 0)]) == []
    bars = shares([("good", 3), ("mid", 0), ("bad", 1)])
    assert [(bar.tone, bar.x) for bar in bars] == [("good", 0), ("bad", 75)]


def test_small_plots_bear_having_nothing_to_show() -> None:
    assert spark_line([None, None]) is None
    assert spark_bars([]) == []
    assert [bar.tone for bar in spark_bars([0, 2])] == ["2", "1"]


def test_what_a_plot_says_is_escaped_in_picture_and_table() -> None:
    value = Value(3, "<3>", '?a=1&b="2"')
    plot = bar_plot("Tickets", [Series("<Web>", "1", [value])], ["1"], ["<Jan>"])
    picture, table = picture_of(plot), table_of(plot)
    assert 'href="?a=1&amp;b=&quot;2&quot;"' in picture
    assert "<title>&lt;Jan&gt;: &lt;Web&gt; &lt;3&gt;</title>" in picture
    assert '<a href="?a=1&amp;b=&quot;2&quot;">&lt;3&gt;</a>' in table
    assert '<th scope="row">&lt;Jan&gt;</th>' in table


def test_a_single_point_of_a_small_line_is_drawn_as_one() -> None:
    assert small_picture_of(line=spark_line([None, 5])).count("is-dot") == 1
    assert "is-dot" not in small_picture_of(line=spark_line([1, 5]))
    assert "<rect" not in small_picture_of(line=spark_line([None]))


def test_bars_of_shares_are_as_long_as_their_share_of_the_largest_and_escape_what_they_say() -> None:
    rows = [
        ShareRow("<Open>", 4, "<4>", "1", "?a=1&b=2"),
        ShareRow("", 1, "1", "bad", "", "bad"),
        ShareRow("None", 0, "0", "1", "?c"),
    ]
    drawn = share_rows_of(rows)
    assert [part.split('"')[0] for part in drawn.split('width="')[1:]] == ["100.0", "25.0", "0.0"]
    assert "<span>&lt;Open&gt;</span>" in drawn
    assert '<a href="?a=1&amp;b=2">&lt;4&gt;</a>' in drawn
    assert "k-rating is-bad" in drawn
    assert "?c" not in drawn, "nothing leads nowhere"
    assert share_rows_of([]) == '<ul class="k-shares"></ul>'
