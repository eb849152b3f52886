"""The parts of the kit say what they are, and let nothing through unescaped."""

from datetime import UTC, datetime

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.safestring import mark_safe

from kakehashi.ui.conversation import AttachmentLink, EventLine, Message
from kakehashi.ui.conversation_html import conversation_html
from kakehashi.ui.templatetags.ui_lists import Filter, query_with
from tests.ui.conftest import Draw

WICKED = "<script>alert(1)</script>"


def test_an_icon_is_decoration_unless_it_has_a_name(draw: Draw) -> None:
    assert 'aria-hidden="true"' in draw('{% icon "bell" %}')
    assert 'role="img" aria-label="Signals"' in draw('{% icon "bell" "Signals" %}')


def test_parts_escape_what_they_are_given(draw: Draw) -> None:
    drawn = draw(
        '{% pill x "blue" %}{% chip x x %}{% avatar x %}{% type_badge x %}{% field_row x x %}{% empty_state x x x %}'
        "{% deadline x %}{% callout %}{{ x }}{% endcallout %}{% menu x %}{{ x }}{% endmenu %}"
        '{% dialog "d" x %}{{ x }}{% enddialog %}{% confirm "c" x "/" x typed=x %}{{ x }}{% endconfirm %}',
        x=WICKED,
    )
    assert "<script" not in drawn


def test_a_pill_carries_its_state_in_words_and_tone(draw: Draw) -> None:
    assert draw('{% pill "On hold" "amber" hollow=True %}') == '<span class="k-pill is-amber is-hollow">On hold</span>'


def test_a_person_keeps_the_same_ground_and_nobody_is_dashed(draw: Draw) -> None:
    assert draw('{% avatar "相沢 美咲" %}') == draw('{% avatar "相沢 美咲" %}')
    assert ">相<" in draw('{% avatar "相沢 美咲" %}')
    assert "is-nobody" in draw("{% avatar %}")


def test_priority_turn_and_rating_have_words(draw: Draw) -> None:
    assert "is-3" in draw('{% priority "High" %}')
    assert "High" in draw('{% priority "High" %}')
    assert "Our turn" in draw("{% turn True %}")
    assert "Customer&#x27;s turn" in draw("{% turn False %}") or "Customer's turn" in draw("{% turn False %}")
    assert "Okay" in draw('{% rating "okay" %}')
    assert "No rating" in draw('{% rating "" %}')


def test_an_empty_field_shows_a_dash_and_zero_is_not_empty(draw: Draw) -> None:
    assert "—" in draw('{% field_row "Fax" "" %}')
    assert "<span>0</span>" in draw('{% field_row "Employees" 0 %}')


def test_a_count_of_nought_stays_visible(draw: Draw) -> None:
    pills = [Filter("All", "?", 24, is_current=True), Filter("Overdue", "?f=late", 0, is_late=True)]
    drawn = draw('{% filter_pills pills "Filters" %}', pills=pills)
    assert "<b>0</b>" in drawn
    assert "is-late" not in drawn
    assert drawn.count("aria-current") == 1


def test_a_sorted_column_turns_round_and_goes_back_to_the_first_page(draw: Draw) -> None:
    drawn = draw('{% sort_head "name" "Name" %}{% sort_head "city" "City" %}')
    assert 'aria-sort="ascending"' in drawn
    assert 'href="?sort=-name"' in drawn
    assert 'href="?sort=city"' in drawn


def test_paging_keeps_the_other_choices(draw: Draw, stranger_request: HttpRequest) -> None:
    drawn = draw("{% pages page %}", page=Paginator(range(271), 7).page(3))
    assert "15–21 of 271" in drawn
    assert "?sort=name&amp;page=4" in drawn
    assert query_with(stranger_request, sort=None, page=None) == "/somewhere"


def test_a_meter_tells_its_value_or_that_nobody_knows(draw: Draw) -> None:
    assert 'aria-valuenow="73"' in draw('{% meter 3048 4182 "Syncing" %}')
    assert "aria-valuenow" not in draw('{% meter None label="Syncing" %}')


def test_a_confirmation_waits_for_the_name_to_be_typed(draw: Draw) -> None:
    drawn = draw('{% confirm "off" "Disable" "/off" "Disable" typed="minamo" %}Really?{% endconfirm %}')
    assert 'data-typed="minamo"' in drawn
    assert "disabled>Disable</button>" in drawn
    assert "csrfmiddlewaretoken" in drawn


def test_a_conversation_says_everything_and_escapes_all_but_what_was_cleaned() -> None:
    at = datetime(2026, 11, 19, 8, 44, tzinfo=UTC)
    message = Message(
        author=WICKED,
        at=at,
        html=mark_safe("<p>Hello</p>"),
        id="message-1",
        is_internal=True,
        verb=WICKED,
        address=WICKED,
        state=WICKED,
        failure=WICKED,
        recipients=WICKED,
        quoted_html=mark_safe("<p>Before</p>"),
        attachments=[AttachmentLink(WICKED, '/file?a=1&b="2"', 2048, is_image=True)],
        retry_url="/again",
        images_url="/images",
        original_url="/original",
        notes=[WICKED],
    )
    drawn = conversation_html([message, EventLine(WICKED, at, is_bad=True), EventLine(mark_safe("<b>Mio</b>"), at)])
    assert "<script" not in drawn
    assert drawn.count("&lt;script") == 9
    for part in (
        '<article class="k-message is-internal is-failed" id="message-1">',
        "Internal comment",
        '<div class="k-prose"><p>Hello</p></div>',
        '<blockquote class="k-prose"><p>Before</p></blockquote>',
        'href="/file?a=1&amp;b=&quot;2&quot;"',
        "<small>2 KB</small>",
        'hx-post="/again"',
        'hx-post="/images"',
        'href="/original"',
        '<div class="k-event is-red">',
        "<span><b>Mio</b></span>",
        'datetime="2026-11-19T',
    ):
        assert part in drawn, part


def test_a_plain_message_shows_nothing_that_it_does_not_have() -> None:
    drawn = conversation_html([Message("Mio", datetime(2026, 11, 19, tzinfo=UTC), mark_safe("<p>Hi</p>"))])
    for part in ("k-callout", "k-internal", "k-quote", "k-attachments", " id=", "is-failed", "hx-post", 'href="/'):
        assert part not in drawn, part
