"""Random bookings over many days go as on the sheet; 100,000 of them: `python -m tests.soak`."""

from tests.actions import booked_days


def test_random_bookings_go_as_on_the_sheet(database_url: str) -> None:
    figure = booked_days.run(steps=1_500, seed=11, url=database_url)
    assert figure.holds, str(figure)
    assert figure.acknowledged > 500
    for answer in (
        "slot_taken",
        "already_booked",
        "appointment_over",
        "check_in_early",
        "other_day",
        "leave_card done",
        "leave_phone done",
        "show done",
        "show proof_unknown",
        "show too_many_tries",
        "show appointment_several",
    ):
        assert answer in figure.notes[0]
