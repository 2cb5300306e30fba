"""What a page says, in the citizen's language, before any screen draws it."""

import pytest

from kiosk import pages
from kiosk.views import ClassesView
from tests.kiosk.visit import NOW, Visit


@pytest.mark.parametrize(
    ("lang", "proof"),
    [("zh", "窗口查看：残疾人证"), ("en", "Seen at the window: disability card")],
)
def test_a_class_says_in_one_language_what_the_window_will_want_to_see(
    lang: str, proof: str
) -> None:
    visit = Visit(lang=lang)
    visit.priority(next(item.code for item in visit.flow.hall.catalogue.items if item.queue))
    view = pages.view(visit.flow, NOW)
    assert isinstance(view.body, ClassesView)
    notes = {choice.value: choice.note for choice in view.body.classes}
    assert notes["disabled"] == proof
    assert notes["pregnant"] == ""
