"""The sign on the wall (叫号规则公示) in words, from the hall's fact."""

from collections.abc import Mapping
from typing import Any

from config.language import say


def sign(hall: Mapping[str, Any], lang: str) -> list[str]:
    """The sentences of the policy in force; none while the hall's fact has none."""

    def name(thing: Mapping[str, Any]) -> str:
        return str((lang == "en" and thing.get("name_en")) or thing["name"])

    classes = say("hall.comma", lang).join(name(one) for one in hall.get("classes", ()))
    queues = {one["id"]: name(one) for one in hall.get("queues", ())}
    told = []
    for one in hall.get("sign", ()):
        facts = {"classes": classes, **one["facts"]}
        facts["queue"] = queues.get(facts.get("queue"), "")
        told.append(say(f"sign.{one['code']}", lang, **facts))
    return told
