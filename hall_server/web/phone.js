/** The phone page behind a ticket's QR (扫码看进度): follow one ticket, rate it once. */

import { give, wish } from "/web/commands.js";
import { at, write } from "/web/element.js";
import { drawFaces } from "/web/faces.js";
import { Refused, request } from "/web/http.js";
import { device } from "/web/memory.js";
import { plain } from "/web/plain.js";
import { reasons } from "/web/reasons.js";
import { askReasons, drawReasons } from "/web/reasons_form.js";
import { drawRecords } from "/web/records.js";
import { clock, load, nameOf, say, switcher, whyNot } from "/web/texts.js";
import { ageOf, movedOf, waitOf } from "/web/waits.js";

const ASK_MS = 4000;
const ASK_HIDDEN_MS = 15000;
const LONGEST_MS = 60000;
const FLASH_MS = 500; // steps at 2 Hz for 6 s, then it stands still (notes: look)
const FLASHES = 12;
const LIVE = ["waiting", "called", "serving", "held", "passed"];
const CALLED = ["called", "serving"];
const GIVES_UP = ["waiting", "held", "passed"];

// Only in the address's path and in a header: a token in a query would stand in every log.
const token = location.pathname.split("/")[2];
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
let ticket = null;
let hall = null;
let learnt = null; // the queue for which hall and what were asked
let what = null; // the item, or the queue of a ticket that has none
let asked = null; // when the hall last answered
let failures = 0;
let unknown = null; // the refusal, when the hall does not know this ticket
let trouble = null; // a function that says what went wrong, and where it stands
let troubleAt = "trouble";
let busy = false;
let left = false; // this person does not want to rate
let thanked = false;
let timer = null;
let flashing = null;

async function ask() {
  clearTimeout(timer);
  try {
    const before = ticket;
    ticket = await request("GET", "/api/ticket", { token });
    asked = Date.now();
    unknown = null;
    if (ticket.state === "called" && before?.call !== ticket.call) flash();
    if (learnt !== ticket.queue) await learn();
    failures = 0;
  } catch (error) {
    if (error instanceof Refused && !error.passing && error.code !== "internal") unknown = error;
    else failures += 1;
  }
  draw();
  const going = ticket === null || LIVE.includes(ticket.state) || ticket.may_rate;
  if (going && !unknown) timer = setTimeout(ask, pause());
}

/** What this ticket's hall and item are called; asked once, and again after a transfer (转号). */
async function learn() {
  const { hall: found } = await request("GET", "/api/state", { token });
  what = found.queues.find((queue) => queue.id === ticket.queue) ?? { name: "" };
  try {
    if (ticket.item) what = await request("GET", `/api/items/${ticket.item}`, { token });
  } catch (error) {
    if (!(error instanceof Refused)) throw error; // an item that is no more: its queue stands
  }
  hall = found;
  learnt = ticket.queue;
}

/** Every few seconds with jitter; slower behind another page, and slower while nobody answers. */
function pause() {
  const plain = document.hidden ? ASK_HIDDEN_MS : ASK_MS;
  return Math.min(plain * 2 ** failures, LONGEST_MS) * (0.8 + Math.random() * 0.4);
}

function draw() {
  at("lost").hidden = failures === 0;
  write(at("lost"), say("phone.link_lost"));
  at("nothing").hidden = unknown === null;
  at("ticket").hidden = ticket === null || unknown !== null;
  if (unknown) write(at("nothing-text"), say("phone.not_found"));
  if (ticket === null || unknown) return;

  const { state } = ticket;
  if (hall) write(at("hall-name"), nameOf(hall));
  write(at("number"), ticket.number);
  write(at("code"), say("phone.code", { code: ticket.code }));
  write(at("what"), what ? nameOf(what) : "");
  write(at("slot"), ticket.slot ? say("phone.slot", { time: clock(ticket.slot) }) : "");
  const rated = thanked || Boolean(ticket.rated);
  const rates = state === "finished" && ticket.may_rate && !rated;
  at("news").dataset.state = state;
  const asks = drawReasons(ticket.may_explain);
  const [first, then] = news(state, rated, rates, asks);
  write(at("say"), first);
  write(at("then"), then);
  drawWait(state === "waiting" ? ticket.estimate : null);
  write(at("why"), CALLED.includes(state) ? say("phone.why", { why: whyOf(ticket) }) : "");
  at("ticket").classList.toggle("rating", rates && !left);
  at("rate").hidden = !rates || left;
  at("after-all").hidden = !rates || !left;
  at("return").hidden = state !== "passed";
  at("give-up").hidden = !GIVES_UP.includes(state);
  at("shake-choice").hidden = !navigator.vibrate || !["waiting", "held"].includes(state);
  for (const id of ["trouble", "entry-trouble"])
    write(at(id), id === troubleAt ? (trouble?.() ?? "") : "");
  at("records").hidden = ticket.records.length === 0;
  drawRecords(at("records-list"), ticket.records);
  at("records-later").href = `/record/${ticket.hall}`;
  write(at("sure-text"), say("phone.cancel_ask", { number: ticket.number }));
  write(at("as-of"), say("phone.as_of", { time: clock(asked) }));
  for (const button of document.querySelectorAll("#ticket button"))
    button.setAttribute("aria-disabled", String(busy));
  if (!flashing) document.title = `${ticket.number} ${first}`;
}

/** How long it will be; a change and a turn after closing are said aloud, never slipped in. */
function drawWait(estimate) {
  write(at("wait"), estimate ? `${waitOf(estimate)} ${ageOf(estimate)}`.trim() : "");
  write(at("moved"), estimate ? movedOf(estimate) : "");
  write(at("late"), estimate?.late ? say("forecast.late_held") : "");
}

/** Why this number was called now. */
function whyOf({ why }) {
  return reasons(why, (id) => nameOf(hall?.queues.find((queue) => queue.id === id) ?? { name: id }));
}

/** What stands now, and what to do next, in plain words. */
function news(state, rated, rates, asks) {
  if (state === "waiting" && ticket.ahead === 0) return [say("phone.next"), ""];
  if (state === "waiting")
    return [say("phone.ahead", { people: ticket.ahead }), say("phone.ahead_then")];
  if (state === "called")
    return [say("phone.called", { window: ticket.window }), say("phone.called_then")];
  if (state === "serving")
    return [say("phone.serving"), say("phone.at", { window: ticket.window })];
  if (state === "finished" && rated) return [say("phone.thanks"), asks ? "" : say("phone.goodbye")];
  if (state === "finished" && rates && !left) return [say("phone.finished"), ""];
  if (state === "finished") return [say("phone.done"), say("phone.goodbye")];
  if (state === "passed") return [say("phone.passed"), say("phone.passed_then")];
  if (state === "cancelled") return [say("phone.cancelled"), say("phone.cancelled_then")];
  return [say(`phone.${state}`), ""]; // held, expired
}

/** The call, clear and loud: the title in steps, and the phone shakes where its holder asked. */
function flash() {
  if (device.getItem("shake") === "on") navigator.vibrate?.([400, 200, 400]);
  clearInterval(flashing);
  flashing = null;
  if (still.matches) return;
  let step = 0;
  flashing = setInterval(() => {
    step += 1;
    const lit = step % 2 === 0;
    document.title = lit ? ticket.number : say("phone.called", { window: ticket.window });
    at("news").classList.toggle("lit", lit);
    if (step < FLASHES && ticket.state === "called") return;
    clearInterval(flashing);
    flashing = null;
    at("news").classList.remove("lit");
    draw();
  }, FLASH_MS);
}

/** Give one command of the ticket's holder; one at a time, and a refusal is said. */
async function send(kind, fields, place = "trouble") {
  if (busy) return false;
  busy = true;
  trouble = null;
  troubleAt = place;
  draw();
  try {
    await give(wish(kind, { hall: ticket.hall, ...fields }), token);
    return true;
  } catch (error) {
    trouble = () => whyNot(error);
    return false;
  } finally {
    busy = false;
    await ask();
  }
}

async function rate(level) {
  if (await send("rate", { service: ticket.service, level })) {
    thanked = true;
    draw();
  }
}

/** Leave a record (办不成事、吐槽找茬) with this ticket; its number comes with the next answer. */
async function leaveEntry() {
  const words = plain(at("entry-words").value).trim();
  if (!words) return at("entry-words").focus();
  const kind = new FormData(at("entry-form")).get("kind");
  const fields = { entry_kind: kind, words, ticket: ticket.ticket, item: ticket.item };
  if (!(await send("leave_entry", fields, "entry-trouble"))) return;
  at("entry-form").reset();
  at("leave-entry").open = false;
  at("records").scrollIntoView({ block: "nearest" });
}

async function cancel() {
  at("sure").hidden = true;
  at("cancel").hidden = false;
  await send("cancel_ticket", { ticket: ticket.ticket });
}

function sure(asking) {
  at("sure").hidden = !asking;
  at("cancel").hidden = asking;
  at(asking ? "keep" : "cancel").focus();
}

function leave(without) {
  left = without;
  trouble = null;
  draw();
}

at("leave").addEventListener("click", () => leave(true));
at("after-all").addEventListener("click", () => leave(false));
at("return").addEventListener("click", () => send("return_passed", { ticket: ticket.ticket }));
at("cancel").addEventListener("click", () => sure(true));
at("keep").addEventListener("click", () => sure(false));
at("yes").addEventListener("click", cancel);
at("entry-form").addEventListener("submit", (event) => {
  event.preventDefault();
  leaveEntry();
});
askReasons((said) => send("explain_rating", { service: ticket.service, ...said }), draw);
at("shake").checked = device.getItem("shake") === "on";
at("shake").addEventListener("change", () => {
  device.setItem("shake", at("shake").checked ? "on" : "off");
  if (at("shake").checked) navigator.vibrate(200);
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && timer !== null && !busy) ask();
});
switcher(at("language"), draw);
await load("phone", "hall", "refused", "reasons", "forecast", "mine", "tags", "pad", "record");
drawFaces(at("faces"), rate);
ask();
