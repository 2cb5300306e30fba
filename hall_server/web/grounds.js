/** Why words are erased for good (删除事由): asked before, told afterwards. */

import { choose } from "/web/choose.js";
import { say } from "/web/texts.js";

const GROUNDS = ["asked", "personal", "expired"];

/** Ask for the ground; null when the person went back. */
export function askGround(question) {
  return choose(question, GROUNDS.map((value) => ({ value, label: groundOf(value) })));
}

/** A ground in words. */
export function groundOf(ground) {
  return say(`story.ground_${ground}`);
}
