/** The five faces (好差评): five equal answers in the official words, none of them preferred. */

import { make } from "/web/element.js";
import { say } from "/web/texts.js";

const SVG = "http://www.w3.org/2000/svg";
// The mouth alone tells the level; line, size and colour are the same for all.
const MOUTHS = {
  5: "M13 27c3 8 19 8 22 0z",
  4: "M14 28c4 6 16 6 20 0",
  3: "M15 31h18",
  2: "M14 33c4-5 16-5 20 0",
  1: "M13 35c3-9 19-9 22 0z",
};
const LEVELS = [5, 4, 3, 2, 1];

/** Draw the faces into `place`, from 非常满意 to 非常不满意; a touch calls `chosen(level)`. */
export function drawFaces(place, chosen) {
  place.replaceChildren(
    ...LEVELS.map((level) => {
      const button = make("button", { type: "button", "data-level": level }, face(level));
      const words = `phone.level_${level}`;
      button.append(make("span", { "data-say": words }, say(words)));
      button.addEventListener("click", () => chosen(level));
      return button;
    }),
  );
}

function face(level) {
  const drawn = drawing("svg", { viewBox: "0 0 48 48", class: "face", "aria-hidden": "true" });
  drawn.append(
    drawing("circle", { cx: 24, cy: 24, r: 21 }),
    drawing("path", { d: "M17 17v4M31 17v4" }),
    drawing("path", { d: MOUTHS[level] }),
  );
  return drawn;
}

function drawing(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
