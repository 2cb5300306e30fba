"""The voice says each call once, one after another, in the words on the wall."""

from display.calls import Call
from display.voice import LONGEST_LINE, Voice, spoken


class Recorder:
    """A loudspeaker of these tests: keeps what is said, ends when told to."""

    def __init__(self):
        self.said, self.ends = [], []

    def speak(self, announcement, done):
        self.said.append(announcement)
        self.ends.append(done)


def call(n, times=1):
    return Call(window=str(n), number=f"A{n:03}", service=f"s{n}", call=times, seq=n)


def test_one_announcement_waits_for_the_end_of_the_one_before():
    speaker = Recorder()
    voice = Voice(speaker)
    for n in (1, 2, 3):
        voice.announce(call(n))
    assert [said.call for said in speaker.said] == [call(1)]
    speaker.ends[0]()
    assert [said.call for said in speaker.said] == [call(1), call(2)]
    speaker.ends[1]()
    speaker.ends[2]()
    assert [said.call for said in speaker.said] == [call(1), call(2), call(3)]
    voice.announce(call(4))
    assert speaker.said[-1].call == call(4)


def test_the_same_call_is_said_once_and_a_recall_again():
    speaker = Recorder()
    voice = Voice(speaker)
    for told in (call(1), call(1), call(1, 2), call(1)):
        voice.announce(told)
    while len(speaker.ends) > len(speaker.said) - 1 and speaker.ends:
        speaker.ends.pop(0)()
    assert [said.call for said in speaker.said] == [call(1), call(1, 2)]


def test_a_sound_that_ends_twice_does_not_cut_the_next_one_short():
    speaker = Recorder()
    voice = Voice(speaker)
    for n in (1, 2, 3):
        voice.announce(call(n))
    speaker.ends[0]()
    speaker.ends[0]()
    assert [said.call for said in speaker.said] == [call(1), call(2)]


def test_a_hundred_calls_at_once_keep_the_newest():
    speaker = Recorder()
    voice = Voice(speaker)
    for n in range(1, 101):
        voice.announce(call(n))
    for end in speaker.ends:  # grows while it is walked
        end()
    assert len(speaker.said) == LONGEST_LINE + 1
    assert speaker.said[-1].call == call(100)


def test_it_says_the_number_and_the_window_in_every_language_of_the_wall():
    speaker = Recorder()
    Voice(speaker, languages=("zh", "en")).announce(call(3))
    assert speaker.said[0].texts == ("请 A003 到 3 号窗口", "A003, please go to window 3")
    assert spoken(call(3)) == "请 A003 到 3 号窗口"


def test_an_offline_number_is_said_with_its_letter():
    offline = Call(window="3", number="A051X", service="s", call=1, seq=1)
    assert spoken(offline) == "请 A051X 到 3 号窗口"
    assert spoken(offline, "en") == "A051X, please go to window 3"
