"""设备维护 in words: the code, how the machine is, and what can be done."""

from config.language import say
from kiosk.flow import Flow, Intent, Task
from kiosk.pages.keys import FIGURES
from kiosk.pages.wording import choice, words
from kiosk.views import Choice, DutyView, ProofView, Told


def duty_code(flow: Flow) -> ProofView:
    """The code, typed unseen."""
    lang, duty = flow.lang, flow.duty
    note = "locked" if duty.locked else "wrong" if duty.wrong else ""
    return ProofView(
        title=words("duty.title", lang),
        hint=say("duty.hint", lang),
        note=say(f"duty.{note}", lang) if note else "",
        typed="●" * len(duty.typed),
        example=say("duty.example", lang),
        keys=FIGURES,
        erase=choice(Intent.ERASE if duty.typed else "", "kiosk.erase", lang, "delete"),
        clear=choice(Intent.CLEAR if duty.typed else "", "kiosk.clear", lang, "x"),
        main=choice(
            Intent.CHECK if duty.typed and not duty.locked else "", "duty.open", lang, "check"
        ),
    )


def duty(flow: Flow) -> DutyView:
    """How the machine is, and what can be done."""
    lang, machine, online = flow.lang, flow.duty.machine, flow.hall.online
    none = say("duty.unknown", lang)
    told = {
        "name": flow.hall.name or none,
        "printer": say(f"device.trouble.{machine.printer}", lang) if machine.printer else none,
        "printed": _printed(machine.printed, lang),
        "network": say(f"duty.{'online' if online else 'offline'}", lang, server=machine.server),
        "address": machine.address or none,
        "volume": say("duty.no_mixer", lang) if machine.volume is None else f"{machine.volume} %",
        "versions": machine.versions,
    }
    return DutyView(
        title=words("duty.sure" if flow.duty.sure else "duty.title", lang),
        fields=tuple(Told(say(f"duty.field_{name}", lang), text) for name, text in told.items()),
        chores=_chores(flow),
        main=choice(Intent.BACK, "duty.not_now", lang, "x")
        if flow.duty.sure
        else choice(Intent.HOME, "kiosk.done", lang, "check"),
    )


def _chores(flow: Flow) -> tuple[Choice, ...]:
    lang = flow.lang
    restart = choice(Intent.CHORE, "duty.restart", lang, "rotate-ccw", Task.RESTART)
    if flow.duty.sure:
        return (restart,)
    mixed = flow.duty.machine.volume is not None
    return (
        choice(Intent.CHORE, "duty.print", lang, "printer", Task.PRINT),
        restart,
        choice(Intent.CHORE if mixed else "", "duty.quieter", lang, "volume-1", Task.QUIETER),
        choice(Intent.CHORE if mixed else "", "duty.louder", lang, "volume-2", Task.LOUDER),
    )


def _printed(state: str, lang: str) -> str:
    if not state:
        return say("duty.not_printed_yet", lang)
    return say("kiosk.printing" if state == "…" else f"duty.slip_{state}", lang)
