/** What a window is doing, and what its clerk can do next: pure, from the live state. */

import { entry, helperCalls, tickets, unprinted } from "/web/state.js";

const IDLE = { state: "closed", reason: null, number: null, serving: false, call: 0 };

/** This window's part of the state: its ticket at hand and the tickets of its queues. */
export function dutyOf(state, id) {
  const window = { ...IDLE, ...state.get(`window/${id}`) };
  const desk = state.get(`desk/${id}`) ?? { generation: 0, staff: null, ticket: null };
  const plan = entry(state, "windows", id);
  const queues = [...(plan.queues ?? []), ...(plan.backup ?? [])];
  const mine = tickets(state).filter((ticket) => queues.includes(ticket.queue));
  const of = (wanted) => mine.filter((ticket) => ticket.state === wanted);
  return {
    id,
    ...window,
    desk,
    plan,
    queues,
    atHand: Boolean(window.number),
    ticket: desk.ticket ? (state.get(`ticket/${desk.ticket}`) ?? null) : null,
    waiting: of("waiting"),
    held: of("held"),
    passed: of("passed"),
    unprinted: mine.filter(unprinted),
    helped: helperCalls(state).some(({ place }) => place === `window/${id}`),
  };
}

/** Each action of the window page, its key, and when it can be done. */
export const ACTIONS = {
  recall: { key: "KeyR", when: (duty) => duty.atHand && !duty.serving },
  pass_over: { key: "KeyP", when: (duty) => duty.atHand && !duty.serving },
  hold: { key: "KeyH", when: (duty) => duty.atHand },
  transfer: { key: "KeyT", when: (duty) => duty.atHand },
  print_at_window: { key: "KeyD", when: (duty) => duty.atHand && duty.ticket !== null },
  ask_for_help: { key: "KeyC", when: (duty) => !duty.helped },
  pause_window: { key: "KeyB", when: (duty) => duty.state === "open" },
  close_window: { key: "KeyQ", when: (duty) => !duty.atHand },
};

/** The one main action now: what a clerk does next on an ordinary day. */
export function mainAction(duty) {
  if (duty.atHand) return duty.serving ? "finish" : "start_service";
  return duty.state === "paused" ? "open_window" : "call_next";
}

/** Whether this window now obeys somebody who opened it after this page did. */
export function takenOver(duty, generation) {
  return duty.desk.generation > generation;
}
