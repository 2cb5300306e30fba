"""评价 in words: the five faces, and then the official tags for who wants to say why."""

from config.language import say
from drivers.place import place
from kiosk.flow import Flow, Intent
from kiosk.flow.rating import LEVELS
from kiosk.pages.wording import choice, words
from kiosk.views import Choice, RateView, ReasonsView, Words

FACES = dict(
    zip(
        LEVELS,
        (
            "face-grinning",
            "face-slightly-smiling",
            "face-neutral",
            "face-slightly-frowning",
            "angry",
        ),
        strict=True,
    )
)


def rate(flow: Flow) -> RateView:
    """评价: the official words in the official order; leaving is as easy as rating."""
    lang, ticket = flow.lang, flow.holding.ticket or {}
    item = flow.hall.catalogue.item(str(ticket.get("item", "")))
    return RateView(
        title=words("mine.rate_title", lang),
        item=flow.title(item)
        if item
        else place(flow.hall.layout, str(ticket.get("queue", "")), lang).queue,
        note=_note(flow),
        faces=tuple(
            choice(Intent.PICK_LEVEL, f"phone.level_{level}", lang, FACES[level], level)
            for level in LEVELS
        ),
        leave=choice(Intent.HOME, "phone.not_now", lang, "house"),
    )


def reasons(flow: Flow) -> ReasonsView:
    """评价指标: the official words of the level that was given; the rating counts without."""
    lang, rating = flow.lang, flow.rating
    return ReasonsView(
        title=words("mine.rating_counts", lang),
        ask="" if _note(flow) else say("mine.why_bad" if rating.bad else "mine.why", lang),
        note=_note(flow),
        tags=tuple(
            Choice(
                Intent.PICK_TAG,
                tag,
                Words(say(f"tags.{tag}", lang)),
                "check" if tag in rating.tags else "square",
                chosen=tag in rating.tags,
            )
            for tag in rating.offered
        ),
        leave=choice(Intent.HOME, "mine.no_reason", lang, "house"),
        main=choice(Intent.EXPLAIN if rating.tags else "", "mine.send", lang, "check"),
    )


def _note(flow: Flow) -> str:
    """Why the hall did not take it."""
    refused = flow.rating.refused
    return "" if refused is None else say(f"refused.{refused.code}", flow.lang, **refused.facts)
