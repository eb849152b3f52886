from kakehashi.identity.mails.layout import Block, blocks_of


def test_a_mails_text_becomes_paragraphs_a_button_a_list_and_a_foot() -> None:
    text = "Hello Ben,\n\nSet it anew:\nhttp://a.example/x?y=1\n\n- one\n- two\n\n--\nSent by us."
    assert blocks_of(text) == [
        Block("text", ("Hello Ben,",)),
        Block("link", ("Set it anew",), "http://a.example/x?y=1"),
        Block("list", ("one", "two")),
        Block("foot", ("Sent by us.",)),
    ]


def test_a_line_right_above_a_list_is_its_heading() -> None:
    assert [block.kind for block in blocks_of("Hello.\n\nBen\n\n- one\n\nAya\nTwo lines\n\n- two")] == [
        "text", "head", "list", "text", "list",
    ]  # fmt: skip


def test_an_address_within_a_sentence_is_no_button() -> None:
    assert blocks_of("See http://a.example for more")[0].kind == "text"
