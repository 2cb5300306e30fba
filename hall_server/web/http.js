/** Requests to the hall: an answer, a refusal with its text, or no answer at all. */

const PATIENCE_MS = 5000;

/** An expected no (拒绝): the code, and in each language the sentence that says what to do next
 * and, where there are several, each thing to correct. */
export class Refused extends Error {
  constructor(code, text, faults = []) {
    super(code);
    this.code = code;
    this.text = text;
    this.faults = faults;
  }

  /** A moment cures it; and it does not say whether an earlier, lost asking was done. */
  get passing() {
    return this.code === "too_busy" || this.code === "store_unavailable";
  }
}

/** The hall did not answer; whether the deed was done is unknown until asked with the same id. */
export class Unanswered extends Error {}

/** Ask the hall over HTTP. Throws Refused or Unanswered; nothing else is expected. */
export async function request(method, path, { body, token, patience = PATIENCE_MS } = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : { "X-Hall": "1" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const giveUp = new AbortController();
  const late = setTimeout(() => giveUp.abort(), patience);
  let answer;
  let found;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: giveUp.signal,
    });
    const text = await answer.text();
    found = text === "" ? null : JSON.parse(text);
  } catch (cut) {
    throw new Unanswered(`${method} ${path}: ${cut}`);
  } finally {
    clearTimeout(late);
  }
  if (answer.ok) return found;
  if (found?.code && found?.text) throw new Refused(found.code, found.text, found.faults);
  throw new Unanswered(`${method} ${path}: ${answer.status}`);
}
