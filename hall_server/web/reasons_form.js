/** Why somebody rated so (评价指标): official tags and words, for who wants to say so. */

import { at, keep, make, write } from "/web/element.js";
import { plain } from "/web/plain.js";
import { say } from "/web/texts.js";

const BAD = [1, 2]; // 差评
let left = false; // this person does not want to say why
let offered = null; // {level, tags}, null where nothing may be said

/** Offer the tags of the level that was given; true while they stand on the page. */
export function drawReasons(may) {
  offered = may;
  const shown = offered !== null && !left;
  at("reasons").hidden = !shown;
  at("reasons-after-all").hidden = offered === null || !left;
  if (!shown) return false;
  write(at("reasons-ask"), say(BAD.includes(offered.level) ? "mine.why_bad" : "mine.why"));
  const said = (row, tag) => write(row.querySelector("span"), say(`tags.${tag}`));
  keep(at("tags"), offered.tags, (tag) => tag, chip, said);
  return true;
}

/** Call `told({tags, words})` when something was said, `redraw` when it was put off. */
export function askReasons(told, redraw) {
  at("reasons").addEventListener("submit", (event) => {
    event.preventDefault();
    const ticked = at("tags").querySelectorAll("input:checked");
    const tags = Array.from(ticked, (box) => box.value);
    const words = plain(at("reasons-words").value).trim();
    if (tags.length > 0 || words) told(words ? { tags, words } : { tags });
    else at("tags").querySelector("input").focus();
  });
  for (const [id, without] of [["reasons-leave", true], ["reasons-after-all", false]])
    at(id).addEventListener("click", () => {
      left = without;
      redraw();
    });
}

function chip(tag) {
  const box = make("input", { type: "checkbox", value: tag });
  return make("li", {}, make("label", {}, box, make("span")));
}
