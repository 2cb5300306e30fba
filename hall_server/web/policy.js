/** How the hall calls (叫号规则), changed by the supervisor: one queue, or what all have in common. */

import { give, wish } from "/web/commands.js";
import { at, make, offer, write } from "/web/element.js";
import { Refused, Unanswered, request } from "/web/http.js";
import { faultsOf, nameOf, refusal, say, whyNot } from "/web/texts.js";

const CHANGES = ["supervisor", "admin"];
const WHOLE = "*";
const AGAIN_MS = 5000;
let page = null;
let policy = null; // the hall's answer: {queues, whole}
let asked = null; // the layout's version for which it was asked
let asking = false;
let busy = false;
let told = null; // what became of the last change: {say, faults}

/** Draw the form; its figures are asked for whenever the layout in force is another. */
export function drawPolicy(now) {
  page = now;
  const shown = CHANGES.includes(page.me.role);
  at("policy").hidden = !shown;
  if (!shown) return;
  const hall = page.link.state.get("hall");
  if (asked !== hall.layout_version && !asking && page.link.online) learn(hall.layout_version);
  const queues = hall.queues.map((queue) => [queue.id, nameOf(queue)]);
  offer(at("policy-of"), [...queues, [WHOLE, say("policy.whole")]]);
  draw();
}

/** Nobody is signed in any more: the next person's form begins with what is in force. */
export function forgetPolicy() {
  page = policy = asked = told = null;
  at("policy-fields").replaceChildren();
}

async function learn(version) {
  asking = true;
  try {
    policy = await request("GET", "/api/policy");
    asked = version;
  } catch (error) {
    if (error instanceof Unanswered) return await new Promise((done) => setTimeout(done, AGAIN_MS));
    if (!(error instanceof Refused)) throw error;
    asked = version;
    told = { words: () => refusal(error), faults: () => [] };
  } finally {
    asking = false;
    page?.draw();
  }
}

/** What is in force for the choice: a figure for each field. */
function inForce() {
  const chosen = at("policy-of").value;
  return (chosen === WHOLE ? policy?.whole : policy?.queues[chosen]) ?? {};
}

function draw() {
  const figures = inForce();
  const names = Object.keys(figures);
  const place = at("policy-fields");
  if (place.dataset.of !== at("policy-of").value || place.children.length !== names.length) {
    place.dataset.of = at("policy-of").value;
    place.replaceChildren(...names.map(field));
  }
  for (const input of place.querySelectorAll("input")) {
    // Somebody else's change is shown, but not over what is being typed here.
    const figure = String(figures[input.name]);
    if (input.value === (input.dataset.figure ?? "")) input.value = figure;
    input.dataset.figure = figure;
    write(input.labels[0], say(`policy.${input.name}`));
  }
  at("policy-change").setAttribute("aria-disabled", String(busy || !page.link.online));
  write(at("policy-told"), told?.done?.() ?? "");
  write(at("policy-trouble"), told?.words?.() ?? "");
  const faults = told?.faults?.() ?? [];
  at("policy-faults").replaceChildren(...faults.map((fault) => make("li", {}, fault)));
}

function field(name) {
  const id = `policy-${name}`;
  const input = make("input", { id, name, type: "number", step: "1", required: "" });
  return make("p", {}, make("label", { for: id }), input);
}

async function change() {
  const inputs = [...at("policy-fields").querySelectorAll("input")];
  const other = inputs.filter((input) => input.value !== input.dataset.figure);
  if (busy || !page.link.online || inputs.length === 0) return;
  if (other.length === 0) {
    told = { done: () => say("policy.nothing") };
    return draw();
  }
  const wished = Object.fromEntries(other.map((input) => [input.name, Number(input.value)]));
  const chosen = at("policy-of").value;
  const fields = chosen === WHOLE ? { whole: wished } : { queues: { [chosen]: wished } };
  busy = true;
  told = null;
  draw();
  try {
    await give(wish("change_policy", { hall: page.me.hall, ...fields }));
    told = { done: () => say("policy.done") };
  } catch (error) {
    told = { words: () => whyNot(error), faults: () => faultsOf(error) };
  } finally {
    busy = false;
    page?.draw();
  }
}

at("policy-of").addEventListener("change", () => {
  told = null;
  draw();
});
at("policy-form").addEventListener("submit", (event) => {
  event.preventDefault();
  change();
});
