"""The part of the seam about tickets: lists, one ticket, what is written and changed, and figures. Rules as in `protocols.py`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from django.http import QueryDict

from kakehashi.core.actors import Actor
from kakehashi.core.attachments.models import Attachment
from kakehashi.core.errors import Text
from kakehashi.core.filters.subjects import Subject, Subjects
from kakehashi.ui.conversation import Composer, ComposerUrls, Conversation, Presence, TimelineDay
from kakehashi.ui.list_builder.builder import Naming
from kakehashi.ui.properties import Property
from kakehashi.ui.statistics.figures import Report
from kakehashi.ui.statistics.periods import Basis, Period

from .records import Value
from .tickets import (
    Choice,
    CustomerCard,
    Party,
    SentMail,
    Suggestion,
    TicketChange,
    TicketDeed,
    TicketDetail,
    TicketDraft,
    TicketField,
    TicketPage,
    TicketQuery,
    TicketRights,
    Upload,
    Written,
)


class TicketSide(Protocol):
    """What a Desk portal offers about its tickets."""

    def rights(self, actor: Actor) -> TicketRights: ...

    def departments(self) -> Sequence[Choice]: ...

    def ticket_fields(self, actor: Actor, department_id: int | None = None) -> Sequence[TicketField]:
        """What who opens or changes tickets may set, with its choices: as a department lays out its tickets, or of all of them."""
        ...

    def ticket_subjects(self, actor: Actor) -> Subjects:
        """What this person may ask of a party's tickets, for `TicketQuery.filter`."""
        ...

    def ticket_naming(self, actor: Actor) -> Naming:
        """What the people and things are called that can be asked for."""
        ...

    def subject_sections(self, subjects: Subjects) -> Sequence[tuple[Text, Sequence[Subject]]]:
        """What can be asked, in groups with a heading each."""
        ...

    def list_tickets(self, party: Party, actor: Actor, query: TicketQuery) -> TicketPage:
        """Raises `NotFound` for a place that is none of this list's."""
        ...

    def count_tickets(self, party: Party, actor: Actor) -> int:
        """How many tickets of the party this person may see."""
        ...

    def owned_by(self, party: Party, ticket_ids: Sequence[int]) -> frozenset[int]:
        """Those of the tickets that belong to this party, deleted ones too: what a record's page may touch at all."""
        ...

    def read_ticket(self, ticket_id: int, actor: Actor) -> TicketDetail: ...

    def conversation(
        self,
        ticket_id: int,
        actor: Actor,
        *,
        url_of: Callable[[int], str],
        retry_url: Callable[[int], str],
        images_url: Callable[[int], str],
        lets_images_in: bool = False,
        since: str = "",
        before: str = "",
    ) -> Conversation:
        """The latest part, or what came just `before` a part's `since`; with `since`, everything from there on.

        `url_of` is where this person fetches a file, `retry_url` where they send a lost mail again, `images_url` where they ask for a
        mail's remote images; those that somebody asked for stand there where the page lets them in.
        """
        ...

    def show_images(self, ticket_id: int, message_id: int, actor: Actor) -> None:
        """A mail's remote images are seen from now on, by everybody."""
        ...

    def properties(
        self, ticket_id: int, actor: Actor, problems: Mapping[str, Text] | None = None
    ) -> Sequence[Property]:
        """The fields beside the conversation, as the ticket's department lays them out; open are those that this person may change.
        `problems` stand beside their fields, by name.
        """
        ...

    def change_properties(self, ticket_id: int, sent: QueryDict, actor: Actor) -> str:
        """What a form of `properties` sent. A token for `undo_properties`, "" where there is nothing to take back. Raises `core.errors.InvalidValues`."""
        ...

    def undo_properties(self, ticket_id: int, token: str, actor: Actor) -> bool:
        """Take a change of one's own back. False where somebody went on from there. Raises `NotFound` for a token that is not good (any more)."""
        ...

    def history(self, ticket_id: int, actor: Actor) -> Sequence[TimelineDay]:
        """What happened to it, by days, newest first."""
        ...

    def presence(self, ticket_id: int, actor: Actor, state: str = "") -> Presence:
        """Others who have it open. `state` says what this person does: "here", "typing" or "away"; "" only asks."""
        ...

    def take_over(self, ticket_id: int, actor: Actor) -> Presence:
        """The answer is this person's now."""
        ...

    def read_attachment(self, ticket_id: int, attachment_id: int, actor: Actor) -> Attachment:
        """A file of a ticket, in our own store (a side far away fetches it there first), to be given out by `core.attachments.serving`."""
        ...

    def search_contacts(self, text: str, actor: Actor, *, limit: int = 10) -> Sequence[Choice]:
        """Contacts by name or e-mail, for choosing whose ticket it is; the hint is the address."""
        ...

    def search_accounts(self, text: str, actor: Actor, *, limit: int = 10) -> Sequence[Choice]: ...

    def create_ticket(self, draft: TicketDraft, actor: Actor) -> int:
        """The new ticket's id; once per key of a draft. Raises `core.errors.InvalidValues`."""
        ...

    def suggest_for_new(self, kind: str, text: str, draft: TicketDraft, actor: Actor) -> Sequence[Suggestion]:
        """What the text of a new ticket may take over: kind is template."""
        ...

    def composer(
        self,
        ticket_id: int,
        actor: Actor,
        urls: ComposerUrls,
        url_of: Callable[[int], str],
        *,
        target: str,
        error: Text = "",
    ) -> Composer | None:
        """The one composer, for this person: their modes, recipients, draft, signature. None where they may not write at all.

        `url_of` is where they fetch a file of the ticket or one that they sent ahead.
        """
        ...

    def send_mail(self, ticket_id: int, written: Written, actor: Actor) -> SentMail:
        """Raises `core.errors.InvalidValues`, or a 409 where somebody wrote meanwhile; what was typed is then kept as a draft."""
        ...

    def comment(self, ticket_id: int, written: Written, actor: Actor) -> None:
        """Internal unless the mode says public. Raises `core.errors.InvalidValues`; what was typed is then kept as a draft."""
        ...

    def save_draft(self, ticket_id: int, written: Written, actor: Actor) -> bool:
        """Keep what is being typed; False where nothing was."""
        ...

    def take_back(self, ticket_id: int, message_id: int, actor: Actor) -> bool:
        """A held mail becomes its writer's draft again; False when it has left already."""
        ...

    def send_again(self, ticket_id: int, message_id: int, actor: Actor) -> None: ...

    def keep_upload(self, upload: Upload, actor: Actor) -> Attachment:
        """Take a file in ahead of the text that it goes with."""
        ...

    def read_upload(self, attachment_id: int, actor: Actor) -> Attachment:
        """A file that this person sent ahead. Raises `core.errors.NotFound`."""
        ...

    def suggest(self, ticket_id: int, kind: str, text: str, actor: Actor) -> Sequence[Suggestion]:
        """What the composer offers: kind is template, person, ticket or address."""
        ...

    def change_tickets(
        self, deed: TicketDeed, ticket_ids: Sequence[int], actor: Actor, values: Mapping[str, Value] | None = None
    ) -> TicketChange:
        """Few are changed before the answer, many by and by. What is refused for one ticket leaves the others alone.

        Raises `core.errors.InvalidValues` where no ticket could take the values.
        """
        ...

    def read_change(self, change_id: int, actor: Actor) -> TicketChange:
        """One's own change, as far as it is. Raises `NotFound`."""
        ...

    def undo_change(self, change_id: int, actor: Actor) -> TicketChange:
        """Put back what one's own change overwrote, where nobody went on from there. The undoing is a change, too."""
        ...

    def statistics(
        self, party: Party, actor: Actor, *, period: Period = Period.LAST_12_MONTHS, basis: Basis | None = None
    ) -> Report:
        """Of the tickets of the party's contacts and accounts that were received in a period, as far as this person sees them.

        Averages count the time of `basis`; None is what the portal has chosen (spec N1).
        """
        ...

    def customer_card(self, module: str, record_id: int, actor: Actor) -> CustomerCard | None:
        """What the Desk knows about one of its "accounts" or "contacts"; None for one in its recycle bin."""
        ...
