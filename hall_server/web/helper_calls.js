/** Who asks for a helper (帮办), and who goes: a panel of the supervisor's and the window page. */

import { choose } from "/web/choose.js";
import { give, wish } from "/web/commands.js";
import { at, keep, make, write } from "/web/element.js";
import { helperCalls } from "/web/state.js";
import { clock, say, whyNot } from "/web/texts.js";

const DEEDS = ["accept_call", "arrive_at_call", "end_call"];
let page = null;
let trouble = null;
const asked = new Set(); // calls whose command is on its way

/** Draw the panel anew; it is not there while nobody calls. */
export function drawHelperCalls(now) {
  const calls = helperCalls(now.link.state);
  if (page?.me !== now.me || calls.length === 0) trouble = null;
  page = now;
  at("helper").hidden = calls.length === 0;
  write(at("helper-title"), say("helper.title", { calls: calls.length }));
  write(at("helper-trouble"), trouble?.() ?? "");
  keep(at("helper-list"), calls, (call) => call.id, row, (item, call) => {
    item.classList.toggle("over", call.escalated);
    const [words, ...buttons] = item.children;
    write(words, tell(call));
    for (const button of buttons) {
      const { deed } = button.dataset;
      button.hidden = !deedsOf(call).includes(deed);
      button.textContent = say(`helper.${deed}`);
      button.setAttribute("aria-label", `${say(`helper.${deed}`)} ${place(call)}`);
      button.setAttribute("aria-disabled", String(!page.link.online || asked.has(call.id)));
    }
  });
}

function row(call) {
  const buttons = DEEDS.map((deed) => {
    const button = make("button", { type: "button", "data-deed": deed });
    button.addEventListener("click", () => act(deed, call));
    return button;
  });
  return make("li", {}, make("span"), ...buttons);
}

/** What can be done with a call now: who is late may be replaced (改派). */
function deedsOf({ state, escalated }) {
  if (state === "arrived") return ["end_call"];
  return state === "accepted" && !escalated ? ["arrive_at_call", "end_call"] : DEEDS;
}

function place({ place: name }) {
  const [kind, id] = name.split("/");
  return say(`helper.at_${kind}`, { id });
}

function tell(call) {
  const late = call.escalated ? say(`helper.late_${call.state}`) : "";
  const state = say(`helper.is_${call.state}`, { helper: call.helper ?? "" });
  return [place(call), clock(call.called_at), state, late].filter(Boolean).join(" · ");
}

async function act(deed, call) {
  if (!page.link.online || asked.has(call.id)) return;
  if (deed === "end_call") {
    const question = say("helper.end_ask", { place: place(call) });
    if (!(await choose(question, [{ value: true, label: say("helper.end_call") }]))) return;
  }
  asked.add(call.id);
  trouble = null;
  page.draw();
  try {
    await give(wish(deed, { hall: page.me.hall, call: call.id }));
  } catch (error) {
    trouble = () => whyNot(error);
  } finally {
    asked.delete(call.id);
    page.draw();
  }
}
