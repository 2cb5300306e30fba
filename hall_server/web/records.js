/** Records (办不成事、吐槽找茬) as their author sees them: number, where it stands, the answer. */

import { keep, make, write } from "/web/element.js";
import { dayInWords, momentInWords, nameOf, say } from "/web/texts.js";

/** Show these records in a list, the newest first. */
export function drawRecords(list, records) {
  keep(list, records, ({ record }) => record, create, update);
}

function create() {
  const line = (name) => make("p", { class: name });
  return make("li", {}, line("of-record"), line("small"), line("small answer-of"), line("prose"));
}

function update(item, row) {
  const [record, about, of, words] = item.children;
  write(record, `${row.record} · ${say(`record.state_${row.state}`)}`);
  const told = [say(`record.kind_${row.kind}`), say("record.left_at", { time: momentInWords(row.left_at) })];
  if (row.item) told.push(nameOf(row.item));
  if (row.code) told.push(say("record.its_code", { code: row.code }));
  write(about, told.join(" · "));
  const answered = row.answer !== "";
  write(of, answered ? say("record.answer", { time: momentInWords(row.answered_at) }) : "");
  of.hidden = !answered;
  write(words, row.answer || silenceOf(row));
}

/** Why there is no answer to read, or not yet. */
function silenceOf({ erased, answer_by: date }) {
  if (erased) return say("record.erased");
  return date ? say("record.answer_by", { date: dayInWords(date) }) : say("record.no_answer");
}
