/** Offline numbers that could not come in (未并入): who holds one would wait for ever. */

import { give, wish } from "/web/commands.js";
import { at, keep, make, write } from "/web/element.js";
import { entry } from "/web/state.js";
import { knows, moment, nameOf, say, whyNot } from "/web/texts.js";

const SETTLES = ["supervisor", "guide"];
let page = null;
let trouble = null;
const asked = new Set(); // numbers whose command is on its way

/** Draw the panel anew; it is not there while every number came in. */
export function drawUnmerged(now) {
  const numbers = [];
  for (const [address, value] of now.link.state)
    if (address.startsWith("unmerged/")) numbers.push({ id: address.slice(9), ...value });
  numbers.sort((a, b) => a.taken_at - b.taken_at);
  if (page?.me !== now.me || numbers.length === 0) trouble = null;
  page = now;
  at("unmerged").hidden = numbers.length === 0;
  write(at("unmerged-title"), say("unmerged.title", { count: numbers.length }));
  write(at("unmerged-trouble"), trouble?.() ?? "");
  keep(at("unmerged-list"), numbers, ({ id }) => id, row, (item, number) => {
    const [words, button] = item.children;
    write(words, tell(number));
    button.hidden = !SETTLES.includes(page.me.role);
    write(button, say("unmerged.settle"));
    button.setAttribute("aria-label", `${say("unmerged.settle")} ${number.number}`);
    button.setAttribute("aria-disabled", String(!page.link.online || asked.has(number.id)));
  });
}

function row({ id }) {
  const button = make("button", { type: "button", "data-deed": "settle_unmerged" });
  button.addEventListener("click", () => settle(id));
  return make("li", {}, make("span"), button);
}

function tell({ number, queue, kiosk, taken_at: when, reason }) {
  const why = `unmerged.why_${reason}`;
  const name = nameOf(entry(page.link.state, "queues", queue));
  return [
    number,
    name,
    say("unmerged.taken", { time: moment(when), kiosk }),
    say(knows(why) ? why : "unmerged.why_other"),
  ].join(" · ");
}

async function settle(id) {
  if (!page.link.online || asked.has(id)) return;
  asked.add(id);
  trouble = null;
  page.draw();
  try {
    await give(wish("settle_unmerged", { hall: page.me.hall, unmerged: id }));
  } catch (error) {
    trouble = () => whyNot(error);
  } finally {
    asked.delete(id);
    page.draw();
  }
}
