"""The sign in words, as the kiosk, the wall and `hall check` say it."""

from hall_server.wire.sign import sign

HALL = {
    "classes": [{"name": "老人", "name_en": "Elderly"}, {"name": "军人", "name_en": ""}],
    "queues": [{"id": "tax", "name": "税务", "name_en": "Tax"}],
    "sign": [
        {"code": "priority", "facts": {}},
        {"code": "ratio_of", "facts": {"ratio": 1, "queue": "tax"}},
    ],
}


def test_classes_and_queues_are_named_in_the_readers_language() -> None:
    assert sign(HALL, "zh") == ["老人、军人优先。", "税务：每优先 1 位，必叫一位普通号。"]
    assert sign(HALL, "en") == [
        "Elderly, 军人 come first.",
        "Tax: after every 1 priority calls, one goes by number.",
    ]


def test_a_hall_that_said_nothing_yet_has_no_sign() -> None:
    assert sign({}, "zh") == []
