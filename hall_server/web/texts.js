/** Every sentence of the pages, by key, in the language chosen on this device. */

import { Refused, request } from "/web/http.js";
import { device } from "/web/memory.js";

const CODES = { zh: "zh-CN", en: "en" };
const texts = { zh: {}, en: {} };
const redraws = [];
let chosen = first();

/** Chinese, unless this person chose English before or reads no Chinese at all. */
function first() {
  const kept = device.getItem("language");
  if (kept in CODES) return kept;
  return navigator.languages.some((code) => code.startsWith("zh")) ? "zh" : "en";
}

/** Read these texts files and say the page; again and again until the hall answers. */
export async function load(...files) {
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    try {
      const asked = files.map((file) => request("GET", `/api/texts/${file}`));
      for (const found of await Promise.all(asked))
        for (const lang of Object.keys(texts)) Object.assign(texts[lang], found[lang]);
      break;
    } catch {
      await new Promise((done) => setTimeout(done, pause)); // no texts yet: the bar stands still
    }
  }
  fill();
  document.body.classList.add("ready");
}

/** The sentence of this key with its facts filled in. A missing key or fact is a bug and throws. */
export function say(key, facts = {}) {
  const sentence = texts[chosen][key];
  if (sentence === undefined) throw new Error(`no text: ${key}`);
  return sentence.replace(/\{(\w+)(?::\w+)?\}/g, (_, name) => {
    if (!(name in facts)) throw new Error(`no fact ${name}: ${key}`);
    return String(facts[name]);
  });
}

/** Whether there is a sentence of this key: a newer program may tell a code we do not know. */
export function knows(key) {
  return key in texts[chosen];
}

/** The same key in Chinese, for what goes to a public sign. */
export function inChinese(key) {
  return texts.zh[key];
}

/** A refusal as its sentence. */
export function refusal(refused) {
  return refused.text?.[chosen] ?? say(`refused.${refused.code}`);
}

/** Each thing that a refusal names to be corrected; none where no answer came. */
export function faultsOf({ faults = [] }) {
  return faults.map((fault) => fault[chosen]);
}

/** Why a wish was not done: the refusal's sentence, or that the hall did not answer. */
export function whyNot(error) {
  return error instanceof Refused ? refusal(error) : say("hall.no_answer");
}

/** A thing's name in the chosen language; where it has no English, Chinese stands alone. */
export function nameOf(thing) {
  return (chosen === "en" && thing.name_en) || thing.name;
}

/** Say all that stands in the page with data-say or data-say-label. */
export function fill(root = document) {
  document.documentElement.lang = CODES[chosen];
  for (const element of root.querySelectorAll("[data-say]"))
    element.textContent = say(element.dataset.say);
  for (const element of root.querySelectorAll("[data-say-label]"))
    element.setAttribute("aria-label", say(element.dataset.sayLabel));
}

/** Make a button change the language; `redraw` says anew what the page itself has written. */
export function switcher(button, redraw) {
  redraws.push(redraw);
  button.addEventListener("click", () => {
    chosen = chosen === "zh" ? "en" : "zh";
    device.setItem("language", chosen);
    fill();
    for (const again of redraws) again();
  });
}

/** A moment of the hall's clock, "09:05", wherever this browser stands. */
export function clock(ms) {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Shanghai",
    hour: "2-digit",
    minute: "2-digit",
  }).format(ms);
}

/** A moment with its day, "2026-11-23 09:05". */
export function moment(ms) {
  return `${day(ms)} ${clock(ms)}`;
}

/** A day as people say it: 11月23日, 23 November; of a moment, or of "2026-11-23". */
export function dayInWords(of) {
  const ms = typeof of === "string" ? Date.parse(`${of}T12:00:00+08:00`) : of;
  const date = { timeZone: "Asia/Shanghai", month: "long", day: "numeric" };
  const code = chosen === "en" ? "en-GB" : CODES[chosen];
  return new Intl.DateTimeFormat(code, date).format(ms);
}

/** A moment as people say it: 11月23日 09:05, 23 November 09:05. */
export function momentInWords(ms) {
  return `${dayInWords(ms)} ${clock(ms)}`;
}

/** The day of a moment at the hall, "2026-11-23". */
export function day(ms) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(ms);
}
