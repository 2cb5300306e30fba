/** The sign on the wall (叫号规则公示): what the policy in force promises, in words. */

import { nameOf, say } from "/web/texts.js";

/** The sentences of a hall's sign, in the chosen language. */
export function sign(hall) {
  const classes = hall.classes.map(nameOf).join(say("hall.comma"));
  return hall.sign.map(({ code, facts }) => {
    const queue = hall.queues.find(({ id }) => id === facts.queue);
    return say(`sign.${code}`, { ...facts, classes, queue: queue ? nameOf(queue) : facts.queue });
  });
}
