/** A question with a few answers: a reason, a queue, a confirmation. */

import { make } from "/web/element.js";
import { plain } from "/web/plain.js";
import { say } from "/web/texts.js";

const LONGEST_OWN = 120;

/**
 * Ask, and resolve with the value of the answer, or null when the person went back. Answers are
 * chosen by pointer, by Tab and Enter, or by their key: their own, else their figure 1–9. With
 * `own` an answer of one's own words may be typed.
 */
export function choose(title, answers, { own = null } = {}) {
  return new Promise((resolve) => {
    let chosen = null;
    const dialog = make("dialog", { "aria-labelledby": "question" });
    const keys = new Map();
    const take = (value) => {
      chosen = value;
      dialog.close();
    };
    const buttons = answers.map(({ value, label, key }, at) => {
      const button = make("button", { type: "button", class: "answer" }, make("span", {}, label));
      button.addEventListener("click", () => take(value));
      const figure = answers.length > 1 && at < 9 ? String(at + 1) : null;
      const pressed = key ?? figure;
      if (pressed !== null) {
        button.append(make("kbd", {}, pressed));
        keys.set(pressed, button);
      }
      return button;
    });
    const back = make("button", { type: "button" }, say("hall.back"), make("kbd", {}, "Esc"));
    back.addEventListener("click", () => dialog.close());
    dialog.append(make("h2", { id: "question" }, title));
    dialog.append(make("div", { class: "answers" }, ...buttons));
    if (own) dialog.append(ownWords(own, take));
    dialog.append(back);
    dialog.addEventListener("keydown", (event) => {
      if (event.repeat) return event.preventDefault(); // a held key answers nothing
      const button = event.target.tagName === "INPUT" ? null : keys.get(event.key.toUpperCase());
      if (!button) return;
      event.preventDefault();
      button.click();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
    buttons[0].focus();
  });
}

function ownWords(label, take) {
  const field = make("input", { type: "text", maxlength: LONGEST_OWN, id: "own-words" });
  const form = make("form", { class: "own" }, make("label", { for: "own-words" }, label), field);
  form.append(make("button", { type: "submit" }, say("hall.ok")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = plain(field.value).trim();
    if (words) take(words);
    else field.focus();
  });
  return form;
}
