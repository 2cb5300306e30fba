/** Why a number was called (叫号理由), in words. */

import { say } from "/web/texts.js";

/** The reasons of one call as a sentence; `queue` names a queue by its id. */
export function reasons(why, queue) {
  const told = why.map(({ code, facts }) =>
    say(`reasons.${code}`, facts.queue ? { ...facts, queue: queue(facts.queue) } : facts),
  );
  return told.join(" · ");
}
