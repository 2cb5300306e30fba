/** How long a wait will be (预计等候), said in one sentence. */

import { clock, say } from "/web/texts.js";

const SOON = 1; // minutes; less is not worth a figure
const FRESH_MS = 10 * 60000; // so long a change is told

/** What the holder of a ticket is told: the wait, and what he must not miss about it. */
export function waitOf(estimate) {
  const { median, low, high } = estimate;
  if (high <= SOON) return say("forecast.soon");
  return say("forecast.wait", { median, low, high });
}

/** "约 25 分钟": the middle of it, where there is no room for more. */
export function aboutOf({ median }) {
  return say("forecast.about", { median });
}

/** That the estimate moved, for ten minutes after it did; never silently longer. */
export function movedOf({ median, moved_at: when, moved_from: before, at }) {
  if (when === null || at - when > FRESH_MS) return "";
  return before === 0
    ? say("forecast.ran_over", { median })
    : say("forecast.moved", { before, median });
}

/** From when it is, where nobody could make a newer one. */
export function ageOf({ old, at }) {
  return old ? say("forecast.old", { time: clock(at) }) : "";
}
