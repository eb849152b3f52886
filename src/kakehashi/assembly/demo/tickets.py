"""Plans the tickets of the last year: who asked what, who answered when, and how it stands now. No database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from random import Random

from kakehashi.assembly.demo import wording
from kakehashi.assembly.demo.catalogue import BY_CODE
from kakehashi.assembly.demo.chance import stream
from kakehashi.assembly.demo.contacts import Customer
from kakehashi.assembly.demo.courses import Course, past_course, pinned_course
from kakehashi.assembly.demo.moments import opening_moments
from kakehashi.assembly.demo.pinned import PINNED
from kakehashi.assembly.demo.staff import BY_KEY, Colleague
from kakehashi.assembly.demo.stories import Story, Turn, read_stories
from kakehashi.assembly.demo.strangers import is_stranger

COUNT = 700
_STRANGERS_SHARE = 0.035
_AGENTS = {"ja": (("morimoto", "kurihara", "takase"), (46, 42, 12)), "en": (("hart", "kurihara"), (88, 12))}


@dataclass(frozen=True, slots=True)
class Said:
    """One mail or comment. `quotes` is the number of the earlier one that it answers, with its text below."""

    by: str
    at: datetime
    author: Customer | Colleague
    text: str
    quotes: int | None = None
    puts_on_hold: bool = False
    escalates: bool = False


@dataclass(frozen=True, slots=True)
class PlannedTicket:
    key: int
    story: Story
    customer: Customer
    subject: str
    product: str
    channel: str
    assignee: str
    course: Course
    said: tuple[Said, ...]

    @property
    def opened_at(self) -> datetime:
        return self.course.times[0]


def make_tickets(
    contacts: Sequence[Customer], strangers: Sequence[Customer], now: datetime
) -> tuple[PlannedTicket, ...]:
    """In the order in which they were opened, so that their numbers grow with time."""
    chance = stream("tickets")
    drafts = [*_pinned(contacts, strangers, now), *_chosen(contacts, strangers, now, chance)]
    drafts.sort(key=lambda draft: draft[2].times[0])
    return tuple(_ticket(key, *draft) for key, draft in enumerate(drafts, start=1))


_Draft = tuple[Story, Customer, Course]


def _pinned(contacts: Sequence[Customer], strangers: Sequence[Customer], now: datetime) -> Iterator[_Draft]:
    """The tickets that a newcomer sees first, always in the same state."""
    abroad = [contact for contact in contacts if contact.language == "en"]
    japanese = {contact.company.key: contact for contact in reversed(contacts)}
    for pin in PINNED:
        if pin.is_strangers:
            customer = strangers[pin.company]
        else:
            customer = abroad[-pin.company] if pin.company < 0 else japanese[pin.company]
        story = next(story for story in read_stories(customer.language) if story.key == pin.story)
        yield story, customer, pinned_course(story, pin, now)


def _chosen(
    contacts: Sequence[Customer], strangers: Sequence[Customer], now: datetime, chance: Random
) -> Iterator[_Draft]:
    weights = list(accumulate(_weight(contact, contacts) for contact in contacts))
    told: set[tuple[int, str]] = set()
    for moment in opening_moments(COUNT - len(PINNED), now, chance):
        customer = chance.choices(contacts, cum_weights=weights)[0]
        if chance.random() < _STRANGERS_SHARE:
            customer = chance.choice(strangers)
        story = _story_for(customer, told, chance)
        told.add((customer.company.key, story.key))
        yield story, customer, past_course(story, customer, moment, now, chance)


def _weight(contact: Customer, contacts: Sequence[Customer]) -> float:
    """A company's first contact writes most."""
    position = contact.key - next(other.key for other in contacts if other.company is contact.company)
    return contact.company.fame / float((1 + position) ** 1.7)


def _story_for(customer: Customer, told: set[tuple[int, str]], chance: Random) -> Story:
    """One that people like them ask, and that this company has not told yet, as long as there is one."""
    askers = {"strangers"} if is_stranger(customer) else {"customers", customer.company.trade.key}
    stories = [story for story in read_stories(customer.language) if askers & set(story.asked_by)]
    fresh = [story for story in stories if (customer.company.key, story.key) not in told]
    return chance.choice(fresh or stories)


def _ticket(key: int, story: Story, customer: Customer, course: Course) -> PlannedTicket:
    chance = stream(f"ticket {story.key} {customer.email} {len(course.times)}")
    keys, weights = _AGENTS[customer.language]
    assignee = chance.choices(keys, weights=weights)[0]
    product = chance.choice(story.products)
    slots = _slots(story, customer, course.times[0], product, chance)
    channel = chance.choice(story.channels)
    said = _said(story, customer, course, (assignee, channel, slots), chance)
    is_taken = any(turn.by == "agent" for turn in story.turns[: len(said)]) or chance.random() < 0.45
    return PlannedTicket(
        key=key,
        story=story,
        customer=customer,
        subject=story.subject.format_map(slots),
        product=product,
        channel=channel,
        assignee=assignee if is_taken else "",
        course=course,
        said=tuple(said),
    )


def _slots(story: Story, customer: Customer, opened: datetime, product: str, chance: Random) -> dict[str, str]:
    item = BY_CODE[product]
    return {
        **{name: chance.choice(choices) for name, choices in story.slots.items()},
        **wording.dates_around(opened, customer.language),
        "product": item.name if customer.language == "ja" else item.name_abroad,
        "code": product,
        "serial": f"{product.replace('-', '')}-{chance.randrange(22, 26)}-{chance.randrange(100, 9_900):05d}",
        "count": str(chance.choice((4, 5, 6, 8, 10, 12, 15, 18, 24))),
        "company": customer.company.name,
        "name": customer.name.family if customer.language == "ja" else customer.full_name,
    }


def _said(
    story: Story, customer: Customer, course: Course, common: tuple[str, str, dict[str, str]], chance: Random
) -> list[Said]:
    assignee, channel, slots = common
    said: list[Said] = []
    for turn, at in zip(story.turns, course.times, strict=False):
        text = turn.text.format_map(slots)
        if turn.by == "customer":
            words = _customer_words(customer, text, channel if not said else "", chance)
            author: Customer | Colleague = customer
        else:
            author = _colleague(turn, assignee, chance)
            is_first = not any(earlier.by == "agent" for earlier in said)
            words = wording.answer(customer, author, text, is_first=is_first) if turn.by == "agent" else text
        said.append(Said(turn.by, at, author, words, _quoted(turn, said, chance), turn.puts_on_hold, turn.escalates))
    return said


def _customer_words(customer: Customer, text: str, first_channel: str, chance: Random) -> str:
    if first_channel == "Web":
        return wording.web_form(text)
    if first_channel == "Phone":
        return wording.call_note(customer, text)
    if first_channel:
        return wording.first_mail(customer, text, chance)
    return wording.follow_up(customer, text, chance)


def _colleague(turn: Turn, assignee: str, chance: Random) -> Colleague:
    """The assignee answers; now and then a colleague steps in."""
    if turn.person:
        return BY_KEY[turn.person]
    if turn.by == "internal" or chance.random() < 0.06:
        return BY_KEY[
            chance.choice(
                [
                    key
                    for key in ("morimoto", "kurihara", "toda")
                    if key != assignee and (turn.by == "internal" or key != "toda")
                ]
            )
        ]
    return BY_KEY[assignee]


def _quoted(turn: Turn, said: Sequence[Said], chance: Random) -> int | None:
    """Most mail programs put the mail that is answered below the answer."""
    mails = [number for number, earlier in enumerate(said) if earlier.by != "internal"]
    return mails[-1] if mails and turn.by == "customer" and chance.random() < 0.7 else None
