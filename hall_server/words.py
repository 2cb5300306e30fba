"""The glossary in code: states, roles and refusal codes, one word for one thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class TicketState(StrEnum):
    """Where a ticket (号票) stands. Only the first five are live; the rest are its end."""

    WAITING = "waiting"  # 等候
    CALLED = "called"  # 已呼叫
    SERVING = "serving"  # 办理中
    HELD = "held"  # 挂起
    PASSED = "passed"  # 过号
    FINISHED = "finished"  # 办结
    CANCELLED = "cancelled"  # 弃号
    EXPIRED = "expired"  # 过期


LIVE_TICKETS = frozenset(
    {
        TicketState.WAITING,
        TicketState.CALLED,
        TicketState.SERVING,
        TicketState.HELD,
        TicketState.PASSED,
    }
)


class AppointmentState(StrEnum):
    """Where an appointment (预约) stands; all but a cancelled one keep their place."""

    BOOKED = "booked"  # 已预约
    CHECKED_IN = "checked_in"  # 已签到
    MISSED = "missed"  # 爽约
    CANCELLED = "cancelled"  # 已取消


class HelpState(StrEnum):
    """Where a helper call (帮办) stands."""

    CALLED = "called"  # 已呼叫
    ACCEPTED = "accepted"  # 已接单
    ARRIVED = "arrived"  # 已到场
    ENDED = "ended"  # 已结束


class EntryState(StrEnum):
    """Where a record (办不成事、吐槽找茬) stands."""

    OPEN = "open"  # 已登记
    ANSWERED = "answered"  # 已反馈
    CLOSED = "closed"  # 已销号


class ServiceState(StrEnum):
    """One handling of one ticket at one window. Called and serving are active."""

    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    FINISHED = "finished"
    PASSED = "passed"
    TRANSFERRED = "transferred"
    CANCELLED = "cancelled"


class WindowState(StrEnum):
    """Whether a window (窗口) calls."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"


class PrintState(StrEnum):
    """What is known of a ticket's paper; unknown is an honest answer, not an error."""

    PRINTING = "printing"
    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


class DeviceState(StrEnum):
    """What a device can do now (设备状态), as its machine tells the hall."""

    READY = "ready"
    DEGRADED = "degraded"  # works, wants attention soon
    FAULT = "fault"  # needs a person
    OFFLINE = "offline"  # no line, no answer, or its machine is lost
    DISABLED = "disabled"
    GONE = "gone"  # this machine has no such device any more


class Role(StrEnum):
    """On whose behalf a command (指令) is given."""

    KIOSK = "kiosk"  # 取号机
    DISPLAY = "display"  # 综合屏、窗口屏
    AGENT = "agent"  # 设备代理
    PAD = "pad"  # 评价器 that is a tablet: it rates, and nothing else
    CITIZEN = "citizen"  # 持号人, known by the ticket's token
    STAFF = "staff"  # 窗口人员
    GUIDE = "guide"  # 导办员
    SUPERVISOR = "supervisor"  # 大厅管理员
    INSPECTOR = "inspector"  # 监察员
    ADMIN = "admin"  # 系统管理员
    CLOCK = "clock"  # the hall's own clockwork


class Channel(StrEnum):
    """By which way a rating (好差评) was given (评价渠道)."""

    PAD = "pad"
    KIOSK = "kiosk"
    PHONE = "phone"


class Ground(StrEnum):
    """Why words are erased (删除事由); no words of its own, which would stay for ever."""

    ASKED = "asked"  # 本人要求
    PERSONAL = "personal"  # 写有他人的个人信息
    EXPIRED = "expired"  # 保存期满


class Refusal(StrEnum):
    """Every expected no. Each has a text in every language of config/texts."""

    NOT_PERMITTED = "not_permitted"
    CREDENTIAL_UNKNOWN = "credential_unknown"
    SIGN_IN_FAILED = "sign_in_failed"
    TOO_MANY_TRIES = "too_many_tries"
    WRONG_HALL = "wrong_hall"
    BAD_INPUT = "bad_input"
    UNKNOWN_COMMAND = "unknown_command"
    FRAME_TOO_LARGE = "frame_too_large"
    SAME_ID_OTHER_BODY = "same_id_other_body"
    HALL_UNKNOWN = "hall_unknown"
    WINDOW_UNKNOWN = "window_unknown"
    QUEUE_UNKNOWN = "queue_unknown"
    ITEM_UNKNOWN = "item_unknown"
    CLASS_UNKNOWN = "class_unknown"
    TICKET_UNKNOWN = "ticket_unknown"
    SERVICE_UNKNOWN = "service_unknown"
    DAY_CLOSED = "day_closed"
    DAY_ALREADY_OPEN = "day_already_open"
    QUOTA_USED_UP = "quota_used_up"
    TICKET_OVER = "ticket_over"
    NOT_WAITING = "not_waiting"
    NOT_PASSED = "not_passed"
    NOT_HELD = "not_held"
    NO_ONE_WAITING = "no_one_waiting"
    ALREADY_SERVING = "already_serving"
    NOTHING_CALLED = "nothing_called"
    NOT_SERVING = "not_serving"
    QUEUE_NOT_SERVED = "queue_not_served"
    RETURN_LIMIT = "return_limit"
    CALL_AGAIN = "call_again"
    WINDOW_NOT_OPEN = "window_not_open"
    WINDOW_PAUSED = "window_paused"
    WINDOW_TAKEN_OVER = "window_taken_over"
    WINDOW_NOT_YOURS = "window_not_yours"
    REPRINT_LIMIT = "reprint_limit"
    PAPER_WAITS = "paper_waits"
    NO_PRINTER = "no_printer"
    ALREADY_RATED = "already_rated"
    SERVICE_NOT_FINISHED = "service_not_finished"
    RATING_NOT_ALLOWED = "rating_not_allowed"
    RATING_LATE = "rating_late"
    NOT_RATED = "not_rated"
    ALREADY_EXPLAINED = "already_explained"
    TAG_UNKNOWN = "tag_unknown"
    SLOT_UNKNOWN = "slot_unknown"
    SLOT_TAKEN = "slot_taken"
    NO_SLOT_FREE = "no_slot_free"
    ALREADY_BOOKED = "already_booked"
    APPOINTMENT_UNKNOWN = "appointment_unknown"
    APPOINTMENT_OVER = "appointment_over"
    APPOINTMENT_SEVERAL = "appointment_several"
    PROOF_UNKNOWN = "proof_unknown"
    CHECK_IN_EARLY = "check_in_early"
    CHECK_IN_OTHER_DAY = "check_in_other_day"
    LEASE_NOT_VALID = "lease_not_valid"
    OFFLINE_NUMBER_USED = "offline_number_used"
    OFFLINE_USED_UP = "offline_used_up"
    HELP_CALLED = "help_called"
    HELP_ACCEPTED = "help_accepted"
    HELP_OVER = "help_over"
    CALL_UNKNOWN = "call_unknown"
    ENTRIES_FULL = "entries_full"
    ENTRIES_OF_TICKET = "entries_of_ticket"
    ENTRY_STATE = "entry_state"
    ENTRY_UNKNOWN = "entry_unknown"
    NOTHING_TO_ERASE = "nothing_to_erase"
    LAYOUT_REFUSED = "layout_refused"
    POLICY_REFUSED = "policy_refused"
    NAME_TAKEN = "name_taken"
    STORE_UNAVAILABLE = "store_unavailable"
    TOO_BUSY = "too_busy"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the hall before it is worded: its key in config/texts and its facts.

    A fact `queue` is a queue's id: who shows the sentence puts the queue's name there.
    """

    key: str
    facts: Mapping[str, int | str]


class Refused(Exception):
    """An expected no (拒绝): a code and the facts that its text needs; never a bug.

    The facts are small and public: numbers, window ids, states. Nothing personal. `faults` are
    what is to be corrected, where it is more than one thing.
    """

    def __init__(self, code: Refusal, /, *faults: Said, **facts: str | int) -> None:
        super().__init__(code.value)
        self.code = code
        self.faults: Sequence[Said] = faults
        self.facts = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code.value}({told})"
