/** The index: which pages this hall has. */

import { at, make, write } from "/web/element.js";
import { request } from "/web/http.js";
import { load, nameOf, say, switcher } from "/web/texts.js";

let halls = [];

function draw() {
  const comma = say("hall.comma");
  if (halls.length > 0) write(at("hall-name"), halls.map(nameOf).join(comma));
  document.title = at("hall-name").textContent;
  at("record-pages").hidden = halls.length === 0;
  for (const link of at("record-pages").querySelectorAll("a")) link.remove();
  at("record-pages").prepend(...halls.map(recordPage));
}

/** Where the answers to a hall's records are read; the hall is named where there are several. */
function recordPage(hall) {
  const name = halls.length > 1 ? nameOf(hall) : "";
  return make("a", { href: `/record/${hall.id}` }, `${say("record.title")} ${name}`.trim());
}

switcher(at("language"), draw);
await load("hall", "record");
draw();
halls = await request("GET", "/api/halls");
draw();
