"""办不成事、吐槽找茬 in words: what went wrong, and how to call back."""

from dataclasses import replace

from config.language import say
from kiosk.flow import EntryKind, Flow, Intent
from kiosk.flow.leaving import TROUBLES
from kiosk.pages.keys import FIGURES
from kiosk.pages.wording import choice, words
from kiosk.views import Choice, EntryView, ProofView

ICONS = {EntryKind.UNSOLVED: "circle-x", EntryKind.REMARK: "message-square-warning"}


def entry(flow: Flow) -> EntryView:
    """What went wrong: one touch of what comes nearest."""
    lang, kind = flow.lang, flow.leaving.kind
    return EntryView(
        title=words(f"trouble.title_{kind}", lang),
        kinds=tuple(
            Choice(Intent.LEAVE, one, words(f"trouble.{one}", lang), ICONS[one], chosen=one is kind)
            for one in EntryKind
        ),
        troubles=tuple(
            choice(Intent.PICK_TROUBLE, f"trouble.{one}", lang, value=one) for one in TROUBLES[kind]
        ),
    )


def contact(flow: Flow) -> ProofView:
    """电话: may be left out."""
    lang, left = flow.lang, flow.leaving
    refused = left.refused
    typed = left.phone and left.may_change
    return ProofView(
        title=words("trouble.title_contact", lang),
        hint=say("trouble.contact_hint", lang),
        note=say(f"refused.{refused.code}", lang, **refused.facts) if refused else "",
        typed=left.phone,
        example=say("trouble.contact_example", lang),
        keys=FIGURES if left.may_change else tuple(replace(key, intent="") for key in FIGURES),
        erase=choice(Intent.ERASE if typed else "", "kiosk.erase", lang, "delete"),
        clear=choice(Intent.CLEAR if typed else "", "kiosk.clear", lang, "x"),
        main=choice(
            Intent.SEND if left.enough else "",
            "trouble.send" if left.phone else "trouble.send_plain",
            lang,
            "check",
        ),
    )


def entrance(lang: str) -> Choice:
    """The way to both, to touch."""
    return choice(
        Intent.LEAVE, "trouble.entrance", lang, "message-square-warning", EntryKind.UNSOLVED
    )
