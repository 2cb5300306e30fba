/** The supervisor's live page (大厅管理): queues, windows, missing paper, the business day. */

import { choose } from "/web/choose.js";
import { give, wish } from "/web/commands.js";
import { drawDevices } from "/web/devices.js";
import { at, make, tabulate, write } from "/web/element.js";
import { drawEntries, forgetEntries } from "/web/entries.js";
import { drawScore, learnScore, nowOf, oldestOf } from "/web/forecasts.js";
import { drawHelperCalls } from "/web/helper_calls.js";
import { drawPolicy, forgetPolicy } from "/web/policy.js";
import { drawRatings, forgetRatings } from "/web/ratings.js";
import { sign } from "/web/sign.js";
import { staffPage } from "/web/staff_page.js";
import { entry, tickets, unprinted } from "/web/state.js";
import { day, nameOf, say, whyNot } from "/web/texts.js";
import { drawUnmerged } from "/web/unmerged.js";
import { drawWhatIf, forgetWhatIf } from "/web/what_if.js";

const OPENS = ["supervisor", "admin"]; // the business day
let page = null;
let busy = false;
let trouble = null;

function draw(now) {
  page = now;
  const { link } = page;
  const { state } = link;
  at("scene").hidden = false;
  const open = state.get("day");
  write(at("day"), open ? say("manager.day", { date: open.date }) : say("manager.no_day"));
  write(at("trouble"), trouble?.() ?? "");
  const opens = OPENS.includes(page.me.role);
  at("open-day").hidden = Boolean(open) || !opens;
  at("close-day").hidden = !open || !opens;
  for (const id of ["open-day", "close-day"])
    at(id).setAttribute("aria-disabled", String(busy || !link.online));
  const hall = state.get("hall");
  const queues = hall.queues.map((queue) => {
    const { waiting = 0, taken = 0, left = null } = state.get(`queue/${queue.id}`) ?? {};
    return [
      `${queue.prefix} ${nameOf(queue)}`,
      waiting,
      oldestOf(state, queue.id, link.time),
      nowOf(state, queue),
      taken,
      left ?? say("manager.no_quota"),
    ];
  });
  const columns = ["queue", "waiting", "oldest", "now", "taken", "left"];
  table("queues", columns, queues);
  drawScore(hall.queues);
  learnScore(state, page.draw);
  const windows = hall.windows.map((plan) => {
    const shown = state.get(`window/${plan.id}`) ?? { state: "closed" };
    const staff = shown.state === "closed" ? null : state.get(`desk/${plan.id}`)?.staff;
    return [`${plan.id} ${nameOf(plan)}`, stateOf(shown), shown.number ?? "", staff ?? ""];
  });
  table("windows", ["window", "state", "number", "staff"], windows);
  at("sign").replaceChildren(...sign(hall).map((told) => make("li", {}, told)));
  drawPolicy(page);
  drawWhatIf(page);
  drawDevices(state, at("devices-title"), at("devices"));
  drawHelperCalls(page);
  drawUnmerged(page);
  drawEntries(page);
  drawRatings(page);
  const missing = tickets(state).filter(unprinted);
  at("unprinted").hidden = missing.length === 0;
  write(at("unprinted-title"), say("window.list_unprinted", { people: missing.length }));
  at("unprinted-list").replaceChildren(
    ...missing.map((ticket) => {
      const queue = nameOf(entry(state, "queues", ticket.queue));
      return make("li", {}, make("strong", {}, ticket.number), ` ${queue}`);
    }),
  );
}

function stateOf(shown) {
  if (shown.number) return say(shown.serving ? "window.is_serving" : "window.is_called");
  if (shown.state === "paused") return say("window.is_paused", { reason: shown.reason ?? "" });
  return say(`manager.window_${shown.state}`);
}

function table(id, columns, rows) {
  const head = columns.map((name) => say(`manager.column_${name}`));
  tabulate(at(id), head, rows.map((cells) => ({ cells })));
}

/** Open or close the business day, once, after the supervisor said so a second time. */
async function change(kind, question, yes, fields) {
  if (busy || !page.link.online) return;
  if (!(await choose(question, [{ value: true, label: yes }]))) return;
  busy = true;
  trouble = null;
  draw(page);
  try {
    await give(wish(kind, { hall: page.me.hall, ...fields }));
  } catch (error) {
    trouble = () => whyNot(error);
  } finally {
    busy = false;
    draw(page);
  }
}

at("open-day").addEventListener("click", () => {
  const date = day(page.link.time);
  change("open_day", say("manager.open_ask", { date }), say("manager.open_day"), { date });
});
at("close-day").addEventListener("click", () => {
  const live = tickets(page.link.state).length;
  change("close_day", say("manager.close_ask", { people: live }), say("manager.close_day"), {});
});
staffPage({
  title: "hall.manager_page",
  files: ["window", "manager", "sign", "whatif", "forecast", "device", "helper", "entries", "policy",
    "ratings", "phone", "tags", "story", "unmerged"],
  draw,
  left: () => {
    at("scene").hidden = true;
    trouble = null;
    forgetWhatIf();
    forgetEntries();
    forgetRatings();
    forgetPolicy();
  },
});
