/** What if (如果…会怎样): the best moves now, and one's own question, on the supervisor's page. */

import { at, make, offer, tabulate, write } from "/web/element.js";
import { request } from "/web/http.js";
import { entry } from "/web/state.js";
import { clock, nameOf, say, whyNot } from "/web/texts.js";

const ADVISED = ["supervisor", "inspector", "admin"];
const AGAIN_MS = 60_000;
const PATIENCE_MS = 30_000; // the runs take up to 10 s
const NINETY_MINUTES = 90 * 60_000;

let page = null;
let begun = false; // the best moves were asked for once
let best = null; // the answer: {at, moves}
let effect = null; // of one's own question
let asking = false;
let trying = false;
let trouble = null;

/** Draw the panel; from the first time on the best moves are asked for each minute. */
export function drawWhatIf(now) {
  page = now;
  const shown = ADVISED.includes(page.me.role) && page.link.state.has("day");
  at("what-if").hidden = !shown;
  if (!shown) return;
  choices();
  draw();
  if (begun) return;
  begun = true;
  advise();
}

/** Nobody is signed in any more: what was asked is forgotten. */
export function forgetWhatIf() {
  page = best = effect = trouble = null;
  begun = false;
}

/** A sentence of a move: what, who gains, who pays. */
function sentence(told) {
  const facts = (change) => ({ ...change, queue: queueName(change.queue), ...minutes(change) });
  const of = (queue) => told.queues.find((change) => change.queue === queue);
  const gains = told.gains ? of(told.gains) : told.hall;
  const cost = told.pays ? say("whatif.pays", facts(of(told.pays))) : say("whatif.nobody_pays");
  const gain = say("whatif.effect", facts(gains));
  const said = { move: move(told.move), effect: gain, cost };
  if (!told.move.close_doors) return say("whatif.move", said);
  const away = awayOf(told.hall);
  const people = away.people === "0" ? say("whatif.nobody_away") : say("whatif.away", away);
  return say("whatif.move_doors", { ...said, away: people });
}

function move({ open, close_doors: doors }) {
  if (doors) return say("whatif.close_doors", { at: doors });
  return say("whatif.open", { ...open, queue: queueName(open.queue) });
}

function minutes({ before, after, by, give }) {
  const [from, to, range] = [before, after, give].map((each) => String(Math.round(each)));
  return { before: from, after: to, by: signed(by), give: range };
}

/** How many get no number, and how sure that is. */
function awayOf({ away, away_give: give }) {
  return { people: String(Math.round(away)), give: String(Math.round(give)) };
}

/** +4, −10, 0: with the sign of arithmetic, not a hyphen. */
function signed(by) {
  const whole = Math.round(Math.abs(by));
  if (whole === 0) return "0";
  return (by < 0 ? "−" : "+") + whole;
}

function queueName(id) {
  return id === "*" ? say("whatif.hall") : nameOf(entry(page.link.state, "queues", id));
}

function draw() {
  at("moves").replaceChildren(...(best?.moves ?? []).map((told) => make("li", {}, sentence(told))));
  let state = "";
  if (best) state = say("whatif.as_of", { at: clock(best.at) });
  if (best?.moves.length === 0) state = say("whatif.none");
  if (asking) state = say("whatif.asking");
  write(at("moves-state"), state);
  for (const [id, busy] of [["moves-again", asking], ["try", trying]])
    at(id).setAttribute("aria-disabled", String(busy || !page.link.online));
  write(at("try-trouble"), trouble?.() ?? "");
  write(at("try-told"), trying ? say("whatif.asking") : effect ? sentence(effect) : "");
  table();
  const closing = at("try-kind").value === "close";
  at("try-open").hidden = closing;
  at("try-close").hidden = !closing;
}

function table() {
  at("try-table").hidden = effect === null;
  if (effect === null) return;
  const closing = Boolean(effect.move.close_doors);
  const names = ["queue", "before", "after", "by", ...(closing ? ["away"] : [])];
  const rows = [effect.hall, ...effect.queues].map((change) => {
    const { before, after, by, give } = minutes(change);
    const cells = [queueName(change.queue), before, after, `${by}±${give}`];
    const away = awayOf(change);
    if (closing) cells.push(away.people === "0" ? "0" : `${away.people}±${away.give}`);
    return { cells, felt: change.felt };
  });
  const head = names.map((name) => say(`whatif.column_${name}`));
  tabulate(at("try-table"), head, rows);
}

/** The windows and queues to choose from; drawn again only when they or their names differ. */
function choices() {
  const hall = page.link.state.get("hall");
  const kinds = ["open", "close"].map((kind) => [kind, say(`whatif.kind_${kind}`)]);
  offer(at("try-kind"), kinds);
  offer(at("try-window"), hall.windows.map((plan) => [plan.id, `${plan.id} ${nameOf(plan)}`]));
  offer(at("try-queue"), hall.queues.map((queue) => [queue.id, nameOf(queue)]));
  const now = page.link.time;
  for (const [id, moment] of [["try-from", now], ["try-to", now + NINETY_MINUTES], ["try-at", now]])
    if (at(id).value === "") at(id).value = clock(moment);
}

async function advise() {
  if (page === null || asking || !page.link.online) return;
  asking = true;
  draw();
  try {
    best = await request("GET", "/api/best_moves", { patience: PATIENCE_MS });
  } catch {
    // The last moves stand with their time; the next minute asks again.
  } finally {
    asking = false;
    if (page) draw();
  }
}

function asked() {
  if (at("try-kind").value === "close") return { close_doors: at("try-at").value };
  return {
    open: {
      window: at("try-window").value,
      queue: at("try-queue").value,
      start: at("try-from").value,
      end: at("try-to").value,
    },
  };
}

at("moves-again").addEventListener("click", advise);
at("try-kind").addEventListener("change", draw);
at("try-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (trying || !page?.link.online) return;
  trying = true;
  trouble = effect = null;
  draw();
  try {
    effect = await request("POST", "/api/what_if", { body: asked(), patience: PATIENCE_MS });
  } catch (error) {
    trouble = () => whyNot(error);
  } finally {
    trying = false;
    if (page) draw();
  }
});
setInterval(() => {
  if (!at("what-if").hidden && document.visibilityState === "visible") advise();
}, AGAIN_MS);
