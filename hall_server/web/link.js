/** The browser's end of the websocket: stay joined to a hall and keep its live state. */

import { Refused, Unanswered } from "/web/http.js";
import { apply } from "/web/state.js";

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2000;
const BEHIND_MS = 3000;
const SILENT_MS = 4000;
const VIEW_MS = 10000;

/**
 * One page's line to one hall; the browser twin of hall_server/wire/link.py.
 *
 * `state` stays readable, though stale, while `online` is false; `lost` is what a person is told:
 * a line that is made for the first time is not lost. `changed(kind, facts)` is
 * called after each change was applied, kind "snapshot" when all of it is new; `turned(online)`
 * when the line comes or goes; `refused(code)` when the hall does not let us in.
 * A page without a session of its own, such as a pad, gives its `credential`.
 */
export class Link {
  constructor(hall, { changed, turned, refused }, credential = null) {
    this.state = new Map();
    this.online = false;
    this.lost = false;
    this.time = Date.now(); // the hall's clock, as its last beat told it
    this.hall = hall;
    this.credential = credential;
    this.told = { changed, turned, refused };
    this.epoch = null;
    this.seq = 0;
    this.n = 0;
    this.asked = new Map();
    this.pause = FIRST_PAUSE_MS;
    this.wire = null;
    this.timer = null;
    this.over = false;
    this.join();
  }

  /** Leave for good. */
  stop() {
    this.over = true;
    this.drop();
  }

  /** Ask for one view, such as the catalogue. Rejects with Refused or Unanswered. */
  see(view, args = {}) {
    if (!this.online) return Promise.reject(new Unanswered("not joined"));
    const n = ++this.n;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.answer(n, new Unanswered(view)), VIEW_MS);
      this.asked.set(n, { resolve, reject, late });
      this.wire.send(JSON.stringify({ t: "see", n, view, args }));
    });
  }

  join() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const wire = new WebSocket(`${scheme}//${location.host}/link`);
    this.wire = wire;
    this.behindSince = null;
    this.listen();
    wire.onopen = () => {
      const hello = { t: "hello", hall: this.hall, seq: this.seq };
      if (this.epoch !== null) hello.epoch = this.epoch;
      if (this.credential !== null) hello.credential = this.credential;
      wire.send(JSON.stringify(hello));
    };
    wire.onmessage = (message) => {
      if (wire !== this.wire) return;
      this.listen();
      if (!this.heard(JSON.parse(message.data))) this.drop();
    };
    wire.onclose = () => {
      if (wire === this.wire) this.drop();
    };
  }

  /** The line is dead when nothing comes for 4 s; the hall beats every 2 s. */
  listen() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drop(), SILENT_MS);
  }

  /** Take one frame in; false when the line must be made anew. */
  heard(frame) {
    if (frame.t === "event") return this.event(frame);
    if (frame.t === "beat") return this.beat(frame);
    if (frame.t === "reply") this.answer(frame.n, frame.body);
    if (frame.t === "refused") {
      if (frame.n === null) {
        this.told.refused(frame.code);
        return false;
      }
      this.answer(frame.n, new Refused(frame.code, frame.text));
    }
    if (frame.t === "snapshot") {
      this.state.clear();
      this.epoch = frame.epoch;
      this.seq = frame.seq;
      apply(this.state, frame.facts);
      this.told.changed("snapshot", frame.facts);
      this.up();
    }
    if (frame.t === "live") {
      apply(this.state, frame.facts);
      this.told.changed("live", frame.facts);
    }
    if (frame.t === "welcome" && frame.recovered) this.up();
    return true;
  }

  event(frame) {
    if (frame.epoch !== this.epoch || frame.seq > this.seq + 1) {
      this.epoch = null;
      return false;
    }
    if (frame.seq === this.seq + 1) {
      this.seq = frame.seq;
      apply(this.state, frame.facts);
      this.told.changed(frame.kind, frame.facts);
    }
    return true;
  }

  beat(frame) {
    this.time = frame.time;
    if (frame.epoch !== this.epoch) {
      this.epoch = null;
      return false;
    }
    if (frame.seq <= this.seq) {
      this.behindSince = null;
      return true;
    }
    this.behindSince ??= performance.now();
    return performance.now() - this.behindSince <= BEHIND_MS;
  }

  answer(n, answer) {
    const waiting = this.asked.get(n);
    if (!waiting) return;
    this.asked.delete(n);
    clearTimeout(waiting.late);
    if (answer instanceof Error) waiting.reject(answer);
    else waiting.resolve(answer);
  }

  up() {
    this.pause = FIRST_PAUSE_MS;
    if (this.online) return;
    this.online = true;
    this.lost = false;
    this.told.turned(true);
  }

  /** Give this line up and make another after 0.2 to 2 s with jitter, so that a whole hall's
   * pages do not return in the same instant. A dead line may never close, so it is left alone. */
  drop() {
    clearTimeout(this.timer);
    const wire = this.wire;
    this.wire = null;
    wire?.close();
    for (const n of [...this.asked.keys()]) this.answer(n, new Unanswered("the line was cut"));
    const news = this.online || !this.lost;
    this.online = false;
    this.lost = true;
    if (news) this.told.turned(false);
    if (this.over) return;
    this.timer = setTimeout(() => this.join(), (0.5 + Math.random() / 2) * this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }
}
