"""What stands on a sample paper (样票): the facts of each paper, and what somebody has to bring."""

from collections.abc import Mapping

from config.language import in_words, say

_LINK = "https://hall.example/t/sample-ticket-0000000000"
_PLAIN = {
    "number": "A012",
    "code": "7F3C",
    "people": "7",
    "windows": "3–5",
    "phone": "0632-0000100",
    "enquiry": "0632-0000100",
    "item_code": "370499-0017-002",
    "version": "12",
    "record": "20261123-003",
    "url": _LINK,
    "online": _LINK,
}
_MOMENTS = {  # how each paper says them
    "ticket": {"time": ("moment", "2026-11-23 09:30")},
    "notice": {"date": ("full_day", "2026-11-23")},
    "appointment": {"date": ("day", "2026-11-23"), "time": ("slot", "09:30")},
    "receipt": {"answer_by": ("day", "2026-11-30")},
}
_WORDS = {
    "ticket": ("hall", "item", "zone", "estimate"),
    "notice": ("hall", "item", "zone", "department", "days", "fee"),
    "appointment": ("hall", "item", "zone", "address"),
    "receipt": ("hall", "address"),
}


def sample_facts(paper: str, lang: str) -> dict[str, str]:
    """What a hall might print on this paper."""
    facts = _PLAIN | {key: say(f"device.sample.{key}", lang) for key in _WORDS[paper]}
    return facts | {key: in_words(kind, at, lang) for key, (kind, at) in _MOMENTS[paper].items()}


def sample_materials(lang: str) -> list[Mapping[str, str]]:
    """What somebody might have to bring, one of them only if he has it."""
    return [
        {"n": n, "material": say(f"device.sample.material_{n}", lang), **how}
        for n, how in (
            ("1", {"copies": say("paper.copies", lang, copies=1), "optional": " ", "note": ""}),
            ("2", {"copies": " ", "optional": say("paper.optional", lang), "note": ""}),
        )
    ]
