/** The face of a window's present: the number at hand, its buttons, its queues. */

import { mainAction } from "/web/duty.js";
import { at, make, write } from "/web/element.js";
import { reasons } from "/web/reasons.js";
import { clock, say } from "/web/texts.js";

const PAPER = {
  printing: "window.paper_printing",
  printed: "window.paper_printed",
  unknown: "window.paper_unknown",
  failed: "window.paper_failed",
};

/** Draw the number at hand and the buttons; `may(action)` tells which of them can be used. */
export function drawNow(duty, names, may) {
  const state = stateOf(duty);
  write(at("state"), state);
  at("state").dataset.state = duty.atHand ? (duty.serving ? "serving" : "called") : duty.state;
  write(at("number"), duty.number ?? say("window.no_number"));
  at("number").classList.toggle("none", !duty.atHand);
  write(at("what"), duty.atHand ? names.item(duty.ticket ?? duty) : "");
  write(at("facts"), duty.atHand ? factsOf(duty, names) : "");
  write(at("why"), duty.atHand ? reasons(duty.desk.why, (id) => names.queue(id)) : "");
  const heard = [duty.number, state, paperOf(duty)].filter(Boolean);
  write(at("spoken"), duty.atHand ? heard.join(" ") : state);
  drawButtons(mainAction(duty), may);
  document.title = duty.atHand
    ? say("window.title_at_hand", { window: duty.id, number: duty.number })
    : say("window.title", { window: duty.id, people: duty.waiting.length });
}

function drawButtons(action, may) {
  const main = at("main-action");
  const label = say(action === "open_window" ? "window.go_on" : `window.${action}`);
  if (main.dataset.label !== label) {
    main.dataset.label = label;
    main.replaceChildren(make("span", {}, label), make("kbd", {}, say("window.key_main")));
  }
  main.dataset.action = action;
  // aria-disabled, not disabled: a button that loses its focus throws the keyboard out.
  for (const button of [main, ...at("actions").children])
    button.setAttribute("aria-disabled", String(!may(button.dataset.action)));
}

function stateOf(duty) {
  if (duty.atHand) return say(duty.serving ? "window.is_serving" : "window.is_called");
  if (duty.state === "paused") return say("window.is_paused", { reason: duty.reason ?? "" });
  return say(duty.waiting.length > 0 ? "window.is_free" : "window.nobody");
}

function factsOf(duty, names) {
  const { ticket } = duty;
  const told = [];
  if (ticket?.priority) told.push(say("window.priority", { name: names.priority(ticket) }));
  if (ticket) told.push(say("window.taken_at", { time: clock(ticket.taken_at) }));
  if (!duty.serving && duty.call > 1) told.push(say("window.called_times", { times: duty.call }));
  if (duty.serving && duty.desk.started_at)
    told.push(say("window.started_at", { time: clock(duty.desk.started_at) }));
  if (paperOf(duty)) told.push(paperOf(duty));
  return told.join(" · ");
}

/** What became of the paper at hand once it is printed again (补打); "" for the first one. */
function paperOf({ ticket }) {
  return ticket?.prints > 1 ? say(PAPER[ticket.print]) : "";
}

/** Draw how many wait in each queue of this window, its own before those it helps (支援). */
export function drawQueues(duty, names) {
  const own = duty.plan.queues ?? [];
  at("queues").replaceChildren(
    ...duty.queues.map((id) => {
      const queue = names.queue(id);
      const label = own.includes(id) ? queue : say("window.helping", { queue });
      const people = say("window.waiting", { people: names.waiting(id) });
      return make("li", {}, make("span", {}, label), make("strong", {}, people));
    }),
  );
}
