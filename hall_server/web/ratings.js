/** Ratings (好差评) for who answers for them: what was given, why, and the whole chain of each. */

import { give, wish } from "/web/commands.js";
import { at, keep, make, write } from "/web/element.js";
import { askGround, groundOf } from "/web/grounds.js";
import { request } from "/web/http.js";
import { entry } from "/web/state.js";
import { moment, nameOf, say, whyNot } from "/web/texts.js";

const READS = ["supervisor", "inspector"];
const ERASES = "supervisor";
const MOST = 100; // the hall tells as many at once
let page = null;
let rows = null; // the newest first; null: not asked for yet
let more = false;
let turn = 0; // of what was asked for last, whose answer counts
let sending = false;
let trouble = null;
const chains = new Map(); // by service, as the hall told them

/** Draw the panel. A rating is no event of the hall: they are asked for when the panel is opened. */
export function drawRatings(now) {
  page = now;
  at("ratings").hidden = !READS.includes(page.me.role);
  write(at("ratings-trouble"), trouble?.() ?? "");
  const bad = at("ratings-bad").checked;
  const none = say(bad ? "ratings.none" : "ratings.none_at_all");
  write(at("ratings-none"), rows?.length === 0 ? none : "");
  at("ratings-more").hidden = !more;
  keep(at("ratings-list"), rows ?? [], ({ service }) => service, create, update);
}

/** Nobody is signed in any more: who rated what is forgotten. */
export function forgetRatings() {
  page = rows = trouble = null;
  more = false;
  chains.clear();
  at("ratings").open = false;
  at("ratings-list").replaceChildren();
}

/** Ask, and say why where no answer comes. */
async function asking(ask) {
  trouble = null;
  const reader = page.me;
  try {
    await ask(() => page?.me === reader);
  } catch (error) {
    trouble = () => whyNot(error);
  } finally {
    page?.draw();
  }
}

/** Read the newest, or those before the last one that stands here. */
function learn(before = null) {
  const mine = ++turn;
  return asking(async (stillHere) => {
    const asked = new URLSearchParams();
    if (at("ratings-bad").checked) asked.set("only", "bad");
    if (before) asked.set("before", before);
    const found = (await request("GET", `/api/ratings?${asked}`)).ratings;
    if (!stillHere() || mine !== turn) return;
    rows = before ? [...rows, ...found] : found;
    more = found.length === MOST;
  });
}

function create({ service }) {
  const erase = make("button", { type: "button", "data-deed": "erase_reasons" });
  erase.addEventListener("click", () => eraseWords(service));
  const chain = make("details", {}, make("summary"), make("ol"), make("p", { class: "note" }));
  chain.addEventListener("toggle", () => chain.open && learnChain(service));
  const prose = () => make("p", { class: "prose" });
  const deeds = make("p", { class: "deeds" }, erase);
  return make("li", {}, make("p", { class: "about" }), prose(), prose(), deeds, chain);
}

function update(item, row) {
  const [about, tags, words, deeds, chain] = item.children;
  write(about, aboutOf(row));
  write(tags, row.tags.map((tag) => say(`tags.${tag}`)).join(say("hall.comma")));
  const erased = row.erased_at !== null;
  write(words, erased ? say("ratings.erased", { ground: groundOf(row.erased_for) }) : row.words ?? "");
  deeds.hidden = !row.words || page.me.role !== ERASES;
  write(deeds.firstChild, say("ratings.erase_reasons"));
  deeds.firstChild.setAttribute("aria-label", `${say("ratings.erase_reasons")} ${row.number}`);
  deeds.firstChild.setAttribute("aria-disabled", String(sending || !page.link.online));
  drawChain(chain, chains.get(row.service));
}

function aboutOf({ level, number, window, item, queue, staff, channel, at: when }) {
  const what = item ? nameOf(item) : queueName(queue);
  const told = [say(`phone.level_${level}`), number, say("ratings.window", { window })];
  return [...told, staff, what, say(`ratings.by_${channel}`), moment(when)].filter(Boolean).join(" · ");
}

function queueName(queue) {
  return queue ? nameOf(entry(page.link.state, "queues", queue) ?? { name: queue }) : "";
}

async function learnChain(service) {
  await asking(async (stillHere) => {
    const told = await request("GET", `/api/ratings/${service}`);
    if (stillHere()) chains.set(service, told);
  });
}

function drawChain(chain, told) {
  const [summary, steps, sound] = chain.children;
  write(summary, say("ratings.chain"));
  if (!told) return;
  keep(steps, told.steps, ({ seq }) => String(seq), () => make("li"), (line, step) => {
    const told = { time: moment(step.at), told: sentence(step), seq: step.seq };
    write(line, say("ratings.step", told));
  });
  write(sound, say(told.sound ? "ratings.sound" : "ratings.broken"));
  sound.classList.toggle("trouble", !told.sound);
}

/** One step of the journal in words, as `hall explain` says it. */
function sentence({ key, facts: { who, queue, level, ground, ...facts } }) {
  const [role, name] = who.split(/:(.*)/);
  return say(`story.${key}`, {
    ...facts,
    who: say(`story.who_${role}`, { name }),
    queue: queueName(queue),
    level: level ? say(`phone.level_${level}`) : "",
    ground: ground ? groundOf(ground) : "",
  });
}

async function eraseWords(service) {
  if (sending || !page.link.online) return;
  const { number } = rows.find((row) => row.service === service);
  const ground = await askGround(say("ratings.erase_ask", { number }));
  if (ground === null) return;
  sending = true;
  await asking(() => give(wish("erase_reasons", { hall: page.me.hall, service, ground })));
  sending = false;
  if (trouble || !page) return;
  chains.delete(service);
  await learn();
}

at("ratings").addEventListener("toggle", () => at("ratings").open && learn());
at("ratings-bad").addEventListener("change", () => learn());
at("ratings-again").addEventListener("click", () => learn());
at("ratings-more").addEventListener("click", () => learn(rows.at(-1).seq));
