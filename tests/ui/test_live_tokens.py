from datetime import timedelta

import pytest
from django.core import signing
from django.core.signing import BadSignature

from kakehashi.ui.live import MAX_AGE_SECONDS, SALT, hearing_in, token_for


def test_a_token_tells_the_tenants_it_was_made_for() -> None:
    hearing = hearing_in(token_for(["portal:5", "org:3", "org:3"], person_id=7, session_key="abc"))
    assert hearing.tenants == ("org:3", "portal:5")
    assert hearing.keys[:2] == ("org:3/person:7", "portal:5/person:7")
    assert "abc" not in "".join(hearing.keys)


def test_a_changed_token_is_refused() -> None:
    token = token_for(["org:3"])
    for forged in (
        token[:-1],
        "x" + token,
        token.replace(":", "::", 1),
        "",
        token_for(["org:4"]).split(":")[0] + token[token.index(":") :],
    ):
        with pytest.raises(BadSignature):
            hearing_in(forged)


def test_a_token_of_another_purpose_is_refused() -> None:
    with pytest.raises(BadSignature):
        hearing_in(signing.dumps(["org:3"], salt="something else"))


def test_an_old_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_for(["org:3"])
    later = signing.time.time() + timedelta(seconds=MAX_AGE_SECONDS + 1).total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: later)
    with pytest.raises(BadSignature):
        hearing_in(token)


@pytest.mark.parametrize("said", [["org:3"], ["org:3", "portal:5"], ["org:3", "portal:5", "portal:6"]])
def test_a_token_from_before_an_upgrade_is_refused(said: list[str]) -> None:
    with pytest.raises(BadSignature):
        hearing_in(signing.dumps(said, salt=SALT, compress=True))
