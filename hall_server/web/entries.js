/** Records (办不成事、吐槽找茬) on the supervisor's page: read, answered, closed, erased. */

import { give, wish } from "/web/commands.js";
import { at, keep, make, write } from "/web/element.js";
import { askGround, groundOf } from "/web/grounds.js";
import { Refused, Unanswered, request } from "/web/http.js";
import { plain } from "/web/plain.js";
import { day, moment, nameOf, refusal, say, whyNot } from "/web/texts.js";

const READS = ["supervisor", "inspector"];
const ANSWERS = "supervisor";
const MOST = 100; // the hall tells as many at once
const LONGEST = 500;
const AGAIN_MS = 5000;
let page = null;
let rows = []; // the newest first, as the hall answered
let items = {}; // what they are about, by code
let pages = 1; // how many answers of MOST are wanted
let asked = null; // the live records for which these rows were asked
let asking = false;
let trouble = null;
const sending = new Set(); // records whose command is on its way

/** Draw the panel; the words are asked for whenever a record was left, answered or closed. */
export function drawEntries(now) {
  page = now;
  const shown = READS.includes(page.me.role);
  at("entries").hidden = !shown;
  if (!shown) return;
  const live = [...page.link.state].filter(([address]) => address.startsWith("entry/"));
  const wanted = JSON.stringify([pages, live.map(([address, { state }]) => [address, state])]);
  if (wanted !== asked && !asking && page.link.online) learn(wanted);
  draw();
}

/** Nobody is signed in any more: what people wrote is forgotten. */
export function forgetEntries() {
  page = asked = trouble = null;
  rows = [];
  pages = 1;
  at("entries-list").replaceChildren();
  at("entries-closed-list").replaceChildren();
}

async function learn(wanted) {
  asking = true;
  const reader = page.me;
  try {
    const found = [];
    const names = {};
    for (let n = 0; n < pages && found.length === n * MOST; n += 1) {
      const before = n === 0 ? "" : `?before=${found.at(-1).record}`;
      const told = await request("GET", `/api/entries${before}`);
      found.push(...told.entries);
      Object.assign(names, told.items);
    }
    if (page?.me !== reader) return;
    rows = found;
    items = names;
    asked = wanted;
  } catch (error) {
    if (error instanceof Unanswered) return await new Promise((done) => setTimeout(done, AGAIN_MS));
    if (!(error instanceof Refused)) throw error;
    asked = wanted;
    trouble = () => refusal(error);
  } finally {
    asking = false;
    page?.draw();
  }
}

function draw() {
  const open = rows.filter(({ state }) => state !== "closed");
  const closed = rows.filter(({ state }) => state === "closed");
  const waiting = open.filter(({ state }) => state === "open").length;
  write(at("entries-title"), say("entries.title", { count: waiting }));
  write(at("entries-none"), open.length === 0 ? say("entries.none") : "");
  write(at("entries-trouble"), trouble?.() ?? "");
  at("entries-closed").hidden = closed.length === 0;
  write(at("entries-closed-title"), say("entries.closed", { count: closed.length }));
  at("entries-more").hidden = rows.length < pages * MOST;
  for (const [list, shown] of [["entries-list", open], ["entries-closed-list", closed]])
    keep(at(list), shown, ({ id }) => id, create, update);
}

function create({ id, record }) {
  const button = (deed) => {
    const made = make("button", { type: "button", "data-deed": deed });
    made.addEventListener("click", () => act(deed, id));
    return made;
  };
  const field = `answer-${record}`;
  const words = make("textarea", { id: field, maxlength: LONGEST, rows: 3, required: "" });
  const send = make("button", { type: "submit", class: "main", "data-deed": "answer_entry" });
  const form = make("form", {}, make("label", { for: field }), words, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = plain(words.value).trim();
    if (said) act("answer_entry", id, { words: said });
    else words.focus();
  });
  const buttons = make("p", { class: "deeds" }, button("close_entry"), button("erase_entry"));
  const prose = () => make("p", { class: "prose" });
  return make("li", {}, make("p", { class: "about" }), prose(), prose(), form, buttons);
}

function update(item, row) {
  const [about, words, answer, form, buttons] = item.children;
  const mine = page.me.role === ANSWERS;
  write(about, aboutOf(row));
  write(words, row.erased_at === null ? row.words : erasedOf(row));
  write(answer, row.answer ? say("entries.answered", answerOf(row)) : "");
  form.hidden = !mine || row.state !== "open";
  write(form.firstChild, say("entries.answer_words", { record: row.record }));
  const [closing, erasing] = buttons.children;
  closing.hidden = row.state !== "answered";
  erasing.hidden = row.erased_at !== null;
  buttons.hidden = !mine || (closing.hidden && erasing.hidden);
  for (const button of item.querySelectorAll("button")) {
    const name = say(`entries.${button.dataset.deed}`);
    write(button, name);
    button.setAttribute("aria-label", `${name} ${row.record}`);
    button.setAttribute("aria-disabled", String(!page.link.online || sending.has(row.id)));
  }
}

function aboutOf({ record, kind, state, channel, window, item, left_at: when, answer_by: by }) {
  const told = [record, say(`entries.kind_${kind}`), say(`entries.state_${state}`), moment(when)];
  told.push(say(`entries.by_${channel}`));
  if (window !== null) told.push(say("entries.window", { window }));
  if (item !== null) told.push(item in items ? nameOf(items[item]) : item);
  if (state === "open" && by !== null) {
    const late = by < day(page.link.time);
    told.push(say(late ? "entries.overdue" : "entries.answer_by", { date: by }));
  }
  return told.join(" · ");
}

function answerOf({ answer, answered_by: by, answered_at: when }) {
  return { words: answer, by, time: moment(when) };
}

function erasedOf({ erased_for: ground }) {
  return say("entries.erased", { ground: groundOf(ground) });
}

async function act(deed, id, fields = {}) {
  if (!page.link.online || sending.has(id)) return;
  const { record } = rows.find((row) => row.id === id);
  if (deed === "erase_entry") {
    const ground = await askGround(say("entries.erase_ask", { record }));
    if (ground === null) return;
    fields = { ground };
  }
  sending.add(id);
  trouble = null;
  draw();
  try {
    await give(wish(deed, { hall: page.me.hall, entry: id, ...fields }));
  } catch (error) {
    trouble = () => whyNot(error);
  } finally {
    sending.delete(id);
    asked = null; // erasing changes no live fact
    page?.draw();
  }
}

at("entries-more").addEventListener("click", () => {
  pages += 1;
  page.draw();
});
