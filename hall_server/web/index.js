/** The index: which pages this hall has. */

import { at, write } from "/web/element.js";
import { request } from "/web/http.js";
import { load, nameOf, say, switcher } from "/web/texts.js";

let halls = [];

function draw() {
  const comma = say("hall.comma");
  if (halls.length > 0) write(at("hall-name"), halls.map(nameOf).join(comma));
  document.title = at("hall-name").textContent;
}

switcher(at("language"), draw);
await load("hall");
draw();
halls = await request("GET", "/api/halls");
draw();
