/** The forecast on the supervisor's page: each queue's waits now, and how good yesterday's were. */

import { at, make, tabulate, write } from "/web/element.js";
import { Unanswered, request } from "/web/http.js";
import { tickets } from "/web/state.js";
import { clock, nameOf, say } from "/web/texts.js";
import { aboutOf } from "/web/waits.js";

const MINUTE_MS = 60000;
const FIGURES = ["n", "error", "bias", "coverage", "width", "waited"];
const COLUMNS = ["people", "error", "bias", "coverage", "width", "waited"];
let score = null; // the last closed day, as the hall answered
let asked = null; // the open day at which it was asked for

/** How long the oldest ticket of a queue has waited, by the hall's own clock. */
export function oldestOf(state, queue, now) {
  const waiting = tickets(state).filter((one) => one.state === "waiting" && one.queue === queue);
  if (waiting.length === 0) return "";
  const since = Math.min(...waiting.map((one) => one.taken_at));
  return say("forecast.minutes", { minutes: Math.max(0, Math.floor((now - since) / MINUTE_MS)) });
}

/** What a number taken now would wait; marked where nine in ten exceed the queue's target. */
export function nowOf(state, queue) {
  const forecast = state.get("forecast");
  if (!forecast) return "";
  const wait = forecast.queues[queue.id];
  if (!wait) return say("forecast.unserved");
  const figures = say("forecast.figures", { median: aboutOf(wait), high: wait.high });
  const age = forecast.old ? ` ${say("forecast.old", { time: clock(forecast.at) })}` : "";
  const target = queue.target_minutes;
  if (wait.high <= target) return figures + age;
  return make("strong", { class: "over" }, say("forecast.over", { target, figures }) + age);
}

/** Ask for the last closed day's score, once for each open day. */
export async function learnScore(state, redraw) {
  const day = state.get("day")?.date ?? "";
  if (asked === day) return;
  asked = day;
  try {
    score = (await request("GET", "/api/forecast_score?days=1")).days[0] ?? null;
    redraw();
  } catch (error) {
    if (error instanceof Unanswered) asked = null; // with the next change once more
  }
}

/** The score of each queue; nothing where no day has one yet, or for who may not see it. */
export function drawScore(queues) {
  const rows = score ? Object.entries(score.queues) : [];
  at("score").hidden = rows.length === 0;
  if (rows.length === 0) return;
  write(at("score-title"), say("forecast.score_title", { date: score.date }));
  const names = new Map(queues.map((queue) => [queue.id, nameOf(queue)]));
  names.set("*", say("forecast.all_queues"));
  const head = [say("manager.column_queue")];
  head.push(...COLUMNS.map((name) => say(`forecast.column_${name}`)));
  const body = rows.map(([queue, found]) => {
    const figures = FIGURES.map((name) => figure(name, found[name]));
    return { cells: [names.get(queue) ?? queue, ...figures] };
  });
  tabulate(at("score-table"), head, body);
}

function figure(name, value) {
  if (name === "n") return String(value);
  if (name === "coverage") return `${Math.round(100 * value)}%`;
  return value.toFixed(1).replace("-", "−");
}
