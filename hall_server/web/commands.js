/** Commands (指令): each wish has an id of its own, and a repeat keeps it. */

import { Unanswered, request } from "/web/http.js";

const REPEATS_MS = [200, 600, 1500];

/** A fresh command id. crypto.randomUUID is missing where the hall is reached by plain http. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** One wish. Keep it to give it again: the hall answers the same id with the first answer. */
export function wish(kind, fields) {
  return { kind, body: { id: newId(), ...fields } };
}

/** Give a command until the hall answers, four times at most with the same id. */
export async function give({ kind, body }, token) {
  for (const pause of [...REPEATS_MS, null]) {
    try {
      return await request("POST", `/api/commands/${kind}`, { body, token });
    } catch (error) {
      const open = error instanceof Unanswered || error.passing;
      if (!open || pause === null) throw error;
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}
