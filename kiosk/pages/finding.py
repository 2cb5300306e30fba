"""选事项 in words: the ways to find an item, and what each of them finds."""

from functools import lru_cache

from config.language import say
from kiosk import search
from kiosk.flow import Flow, Intent, Narrow
from kiosk.pages.keys import search_keys
from kiosk.pages.wording import both, choice, words
from kiosk.search import Catalogue, Group, Item
from kiosk.views import Choice, ItemsView, Words

TAIL = 8
ICONS = {
    Narrow.MOST: "star",
    Narrow.THEME: "layers",
    Narrow.DEPARTMENT: "landmark",
    Narrow.LETTERS: "keyboard",
}


def items(flow: Flow) -> ItemsView:
    """选事项: by one way at a time."""
    lang = flow.lang
    found = flow.finding
    narrow = found.narrow
    letters = narrow is Narrow.LETTERS
    title = Words(found.group) if found.group else words(f"kiosk.title_{narrow}", lang)
    return ItemsView(
        title=title,
        tabs=tuple(way(one, lang, chosen=one is narrow) for one in ways(flow)),
        rows=_most(flow.hall.catalogue, flow.hall.most_used, lang)
        if narrow is Narrow.MOST
        else _rows(flow.hall.catalogue, narrow, found.group, found.typed, lang, flow.few_keys),
        empty=say("kiosk.no_such_item", lang),
        keys=search_keys(flow.few_keys) if letters else (),
        typed=_tail(found.typed.upper()),
        hint=say("kiosk.search_hint_nine" if flow.few_keys else "kiosk.search_hint", lang),
        erase=choice(Intent.ERASE, "kiosk.erase", lang, "delete"),
        clear=choice(Intent.CLEAR, "kiosk.clear", lang, "x"),
    )


def _tail(typed: str) -> str:
    """The last letters typed, for the eye."""
    return typed if len(typed) <= TAIL else "…" + typed[1 - TAIL :]


@lru_cache(maxsize=32)
def _rows(
    catalogue: Catalogue, way: Narrow, group: str, typed: str, lang: str, nine: bool
) -> tuple[Choice, ...]:
    """Kept, because the same list is asked for once a second and a large one is long."""
    match way, group:
        case Narrow.THEME, "":
            return (*_group_rows(search.themes(catalogue), way, lang), _elsewhere(lang))
        case Narrow.DEPARTMENT, "":
            return _group_rows(search.departments(catalogue), way, lang)
        case Narrow.THEME, _:
            return _item_rows([i for i in catalogue.items if i.theme == group], lang)
        case Narrow.DEPARTMENT, _:
            ours = [i for i in catalogue.items if i.department == group]
            return _item_rows(ours, lang, department=False)
    return _item_rows(search.matching(catalogue, typed, nine), lang)


@lru_cache(maxsize=4)
def _most(given: Catalogue, codes: tuple[str, ...], lang: str) -> tuple[Choice, ...]:
    """The items of these codes, in this order; one that is gone from the catalogue is left out."""
    known = (given.item(code) for code in codes)
    return _item_rows([one for one in known if one is not None], lang)


def _group_rows(groups: tuple[Group, ...], way: Narrow, lang: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            Intent.PICK_GROUP,
            one.name,
            Words(one.name),
            ICONS[way],
            say("kiosk.items_in", lang, count=one.count),
        )
        for one in groups
    )


def _elsewhere(lang: str) -> Choice:
    """Most items belong to no theme: the last row leads to where every item is."""
    icon = ICONS[Narrow.DEPARTMENT]
    return choice(Intent.NARROW, "kiosk.not_listed", lang, icon, Narrow.DEPARTMENT)


def _item_rows(
    items: list[Item] | tuple[Item, ...], lang: str, department: bool = True
) -> tuple[Choice, ...]:
    """Names, and what people call them; the department only where it is not said above."""
    return tuple(
        Choice(
            Intent.PICK_ITEM,
            one.code,
            both(one.name, one.name_en, lang),
            "file-text",
            " · ".join(
                part for part in (one.department * department, "、".join(one.common_names)) if part
            ),
        )
        for one in items
    )


def ways(flow: Flow) -> list[Narrow]:
    """A hall that has not sorted its items by theme offers the other two ways."""
    have: dict[Narrow, object] = {
        Narrow.MOST: _most(flow.hall.catalogue, flow.hall.most_used, flow.lang),
        Narrow.THEME: search.themes(flow.hall.catalogue),
        Narrow.DEPARTMENT: search.departments(flow.hall.catalogue),
    }
    return [way for way in Narrow if have.get(way, True)]


def way(one: Narrow, lang: str, chosen: bool = False) -> Choice:
    """One way to find an item, to touch."""
    return Choice(Intent.NARROW, one, words(f"kiosk.by_{one}", lang), ICONS[one], chosen=chosen)
