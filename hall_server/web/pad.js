/** A tablet at a window as its rating pad (评价器): one finished service, one tap, one rating. */

import { give, wish } from "/web/commands.js";
import { at, write } from "/web/element.js";
import { drawFaces } from "/web/faces.js";
import { Refused, request } from "/web/http.js";
import { Link } from "/web/link.js";
import { device } from "/web/memory.js";
import { load, nameOf, refusal, say, switcher } from "/web/texts.js";

const ASK_MS = 60000; // as long as a pad on a serial line: no answer stays no answer
const THANKS_MS = 5000;
const AGAIN_MS = 2000;
const LATE_MS = 20000;
const SECRET = "pad-secret";
const OWED = "pad-owed";

let me = null;
let link = null;
let asking = null; // the finished service that may be rated now
let over = null; // the service that was answered, or left unanswered for a minute
let thanks = false;
let timer = null;
let sending = false;
let late = false; // the last rating came after the next call, and was not counted
let unheard = false; // the hall has not said yet whose secret this is
let trouble = null; // a function that says why this tablet is not let in

function draw() {
  at("enter").hidden = me !== null || unheard;
  at("asking").hidden = me === null;
  write(at("trouble"), trouble?.() ?? "");
  at("lost").hidden = me === null ? !unheard : !link.lost && !late;
  write(at("lost"), say(late && !link.lost ? "refused.rating_late" : "pad.link_lost"));
  if (me === null) return;
  const window = link.state.get("hall")?.windows.find((each) => each.id === me.window);
  write(at("where"), window ? nameOf(window) : say("pad.window", { window: me.window }));
  at("faces").hidden = asking === null;
  if (thanks) write(at("say"), say("phone.thanks"));
  else if (asking) write(at("say"), say("pad.ask", { number: asking.number }));
  else write(at("say"), say("pad.welcome"));
  write(at("then"), thanks ? say("phone.goodbye") : say("pad.privacy"));
}

/** What the hall wants rated here has changed. */
function changed() {
  const fact = link.state.get(`pad/${me.window}`) ?? null;
  if (fact === null) asking = null;
  else if (fact.service !== over && fact.service !== asking?.service) ask(fact);
  draw();
}

function ask(fact) {
  asking = fact;
  thanks = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    over = fact.service;
    asking = null;
    draw();
  }, ASK_MS);
}

/** The first tap counts, and no other: the faces are gone before the hand is back. */
function rate(level) {
  if (asking === null) return;
  const { service } = asking;
  over = service;
  asking = null;
  thanks = true;
  device.setItem(OWED, JSON.stringify(wish("rate", { hall: me.hall, service, level })));
  clearTimeout(timer);
  timer = setTimeout(() => {
    thanks = false;
    draw();
  }, THANKS_MS);
  draw();
  send();
}

/** Give what is owed until the hall took or refused it, also after the tablet was off. */
async function send() {
  if (sending) return;
  sending = true;
  for (let owed = device.getItem(OWED); owed !== null; owed = device.getItem(OWED)) {
    try {
      await give(JSON.parse(owed), device.getItem(SECRET));
    } catch (error) {
      if (!(error instanceof Refused) || error.passing) {
        await new Promise((done) => setTimeout(done, AGAIN_MS));
        continue;
      }
      if (error.code === "rating_late") tellLate();
    }
    if (device.getItem(OWED) === owed) device.removeItem(OWED);
  }
  sending = false;
}

/** A rating that was held up too long is not dropped without a word. */
function tellLate() {
  late = true;
  draw();
  setTimeout(() => {
    late = false;
    draw();
  }, LATE_MS);
}

/** Let this tablet in by the secret it keeps; asked again until the hall answers. */
async function begin() {
  link?.stop();
  link = null;
  me = null;
  for (let secret = device.getItem(SECRET); secret; secret = device.getItem(SECRET)) {
    try {
      const found = await request("GET", "/api/me", { token: secret });
      unheard = false;
      if (found.role !== "pad") return leave(() => say("pad.other_account"));
      trouble = null;
      return join(found, secret);
    } catch (error) {
      if (error instanceof Refused && !error.passing) return leave(() => refusal(error));
      unheard = true;
      draw();
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
  draw();
}

function join(found, secret) {
  const owed = JSON.parse(device.getItem(OWED) ?? "null");
  over = owed?.body.service ?? null;
  me = found;
  const told = {
    changed,
    turned: draw,
    refused: (code) => {
      if (code === "credential_unknown") begin();
    },
  };
  link = new Link(me.hall, told, secret);
  draw();
  send();
}

function leave(why) {
  device.removeItem(SECRET);
  unheard = false;
  trouble = why;
  draw();
}

/** The secret may come behind a # (a QR code at the installer's desk): it never leaves here. */
function fromAddress() {
  const secret = location.hash.slice(1);
  if (!secret) return;
  device.setItem(SECRET, secret);
  history.replaceState(null, "", location.pathname);
}

at("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  device.setItem(SECRET, at("secret").value.trim());
  at("secret").value = "";
  begin();
});
switcher(at("language"), draw);
await load("pad", "phone", "hall", "refused");
drawFaces(at("faces"), rate);
fromAddress();
begin();
