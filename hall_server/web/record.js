/** The answer to a record (办不成事、吐槽找茬), for who knows its number and code from the slip. */

import { at, write } from "/web/element.js";
import { request } from "/web/http.js";
import { drawRecords } from "/web/records.js";
import { load, nameOf, say, switcher, whyNot } from "/web/texts.js";

// The slip's QR brings number and code behind a #, which no server and no log is told.
const SHOWN = /^#([0-9]{8}-[0-9]{3})-([0-9A-Za-z]{4})$/;
const id = location.pathname.split("/")[2];
let hall = null;
let found = [];
let trouble = null; // a function that says why nothing was found
let asking = false;

function draw() {
  if (hall) write(at("hall-name"), nameOf(hall));
  document.title = say("record.title");
  write(at("trouble"), trouble?.() ?? "");
  at("found").hidden = found.length === 0;
  drawRecords(at("found-list"), found);
}

/** As it stands on the slip, however it was typed: blanks, a missing dash, small letters. */
function typed() {
  const figures = at("record").value.replace(/[^0-9]/g, "");
  const code = at("code").value.replace(/\s/g, "").toUpperCase();
  return { hall: id, record: `${figures.slice(0, 8)}-${figures.slice(8)}`, code };
}

async function ask() {
  if (asking) return;
  asking = true;
  trouble = null;
  found = [];
  try {
    found = [await request("POST", "/api/record", { body: typed() })];
  } catch (error) {
    const unknown = error.code === "bad_input" || error.code === "entry_unknown";
    trouble = () => (unknown ? say("refused.entry_unknown") : whyNot(error));
  } finally {
    asking = false;
    draw();
  }
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
switcher(at("language"), draw);
await load("record", "hall", "refused");
draw();
const shown = SHOWN.exec(location.hash);
if (shown) {
  [at("record").value, at("code").value] = shown.slice(1);
  ask();
}
hall = (await request("GET", "/api/halls")).find((each) => each.id === id) ?? null;
draw();
