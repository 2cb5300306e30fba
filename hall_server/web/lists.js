/** The lists beside the current number: held, passed, without paper, waiting. */

import { keep, make, write } from "/web/element.js";
import { clock, say } from "/web/texts.js";

// Each list: what can be done with a ticket in it, and the key that moves there. The short
// ones stand first, so that the long one never pushes them out of sight.
const LISTS = {
  held: { key: "1", actions: ["resume"] },
  passed: { key: "2", actions: ["return_passed", "call_ticket"] },
  unprinted: { key: null, actions: [] },
  waiting: { key: "3", actions: ["call_ticket"] },
};

export class Lists {
  constructor(place, chosen) {
    this.chosen = chosen;
    this.sections = Object.fromEntries(
      Object.entries(LISTS).map(([name, { key }]) => [name, section(name, key)]),
    );
    place.replaceChildren(...Object.values(this.sections).map(({ whole }) => whole));
    place.addEventListener("keydown", (event) => walk(event));
  }

  /** A list's figure key moves to its first button; true when it was one. */
  pressed(event) {
    const name = Object.keys(LISTS).find((each) => LISTS[each].key === event.key);
    if (!name) return false;
    this.sections[name].rows.querySelector("button")?.focus();
    return true;
  }

  draw(duty, names, may) {
    for (const [name, { actions }] of Object.entries(LISTS)) {
      const { whole, heading, rows, hint } = this.sections[name];
      const tickets = duty[name];
      whole.hidden = tickets.length === 0;
      write(heading, say(`window.list_${name}`, { people: tickets.length }));
      if (hint) write(hint, say("window.reprint_hint"));
      keep(
        rows,
        tickets,
        (ticket) => ticket.id,
        (ticket) => this.row(actions, ticket),
        (row, ticket) => {
          row.ticket = ticket;
          const [number, what, priority, time, buttons] = row.children;
          write(number, ticket.number);
          write(what, names.item(ticket));
          write(priority, names.priority(ticket) ?? "");
          priority.hidden = !ticket.priority;
          write(time, say("window.taken_at", { time: clock(ticket.taken_at) }));
          for (const button of buttons.children) {
            const action = button.dataset.action;
            write(button, say(`window.${action}`));
            button.setAttribute("aria-label", `${ticket.number} ${say(`window.${action}`)}`);
            button.setAttribute("aria-disabled", String(!may(action)));
          }
        },
      );
    }
  }

  row(actions) {
    const row = make(
      "li",
      {},
      make("strong", { class: "of-number" }),
      make("span", { class: "of-item" }),
      make("span", { class: "of-priority" }),
      make("span", { class: "of-time" }),
      make("span", { class: "of-actions" }),
    );
    for (const action of actions) {
      const button = make("button", { type: "button", "data-action": action });
      button.addEventListener("click", () => this.chosen(action, row.ticket));
      row.lastChild.append(button);
    }
    return row;
  }
}

function section(name, key) {
  const id = `list-${name}`;
  const heading = make("span", { id });
  const rows = make("ul", { class: "rows", "aria-labelledby": id });
  const whole = make("section", { class: "list", "data-list": name });
  whole.append(make("h2", {}, heading));
  if (key) whole.firstChild.append(make("kbd", {}, key));
  const hint = name === "unprinted" ? make("p", { class: "note" }) : null;
  if (hint) whole.append(hint);
  whole.append(rows);
  return { whole, heading, rows, hint };
}

/** Up and down walk from button to button through the rows. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.tagName !== "BUTTON") return;
  const buttons = Array.from(event.currentTarget.querySelectorAll("button"));
  const next = buttons[buttons.indexOf(event.target) + step];
  event.preventDefault();
  next?.focus();
}
