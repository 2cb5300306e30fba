/** A window's desk: its lease, its one command at a time, its keys and buttons. */

import { choose } from "/web/choose.js";
import { give, wish } from "/web/commands.js";
import { ACTIONS, mainAction } from "/web/duty.js";
import { at, make, write } from "/web/element.js";
import { Refused, Unanswered } from "/web/http.js";
import { Lists } from "/web/lists.js";
import { tab } from "/web/memory.js";
import { drawNow, drawQueues } from "/web/now.js";
import { inChinese, nameOf, refusal, say } from "/web/texts.js";

const SETTLE_MS = 1000;
// A second press within a double click (500 ms) meant the first one.
const QUIET_MS = 500;
const PAUSES = ["meal", "handover", "training", "fault", "short"];
const BY_HAND = ["frail", "urgent", "back_with_papers", "missed_call"];

/** A queue is chosen by its prefix (号头) where that is one key. */
function letterOf({ prefix }) {
  return prefix.length === 1 ? prefix : null;
}

export class Desk {
  constructor(page, names) {
    this.page = page;
    this.names = names;
    this.hall = page.me.hall;
    this.busy = false;
    this.words = null; // a function, so that it is said in the language chosen now
    this.unanswered = null;
    this.awaited = null;
    this.duty = null;
    this.lists = new Lists(at("lists"), (action, ticket) => this.onTicket(action, ticket));
    const lease = JSON.parse(tab.getItem("lease") ?? "null");
    const mine = lease?.hall === this.hall && lease.name === page.me.name;
    this.window = mine ? lease.window : null;
    this.generation = mine ? lease.generation : 0;
    at("main-action").onclick = () => this.act(mainAction(this.duty));
    at("again").onclick = () => this.again();
    at("actions").replaceChildren(
      ...Object.entries(ACTIONS).map(([action, { key }]) => {
        const button = make("button", { type: "button", "data-action": action });
        button.append(make("span", { "data-say": `window.${action}` }, say(`window.${action}`)));
        button.append(make("kbd", {}, key.slice(3)));
        button.onclick = () => this.act(action);
        return button;
      }),
    );
  }

  /** Open a window, or take it over; the reply's generation is this tab's lease. */
  async open(window) {
    const opening = wish("open_window", { hall: this.hall, window });
    const reply = await this.send(opening, [`window/${window}`, `desk/${window}`]);
    if (reply) this.page.draw();
  }

  /** Forget the lease: this tab has no window now. */
  leave() {
    this.window = null;
    this.generation = 0;
    tab.removeItem("lease");
  }

  trouble() {
    return this.words?.() ?? "";
  }

  /** One action of this window now, after its question if it has one. */
  async act(action) {
    if (!this.may(action)) return;
    if (action === "open_window") return this.open(this.window);
    const { service } = this.duty;
    const fields = await this.fieldsOf(action);
    // While the clerk chose, a key on the desk's call box may have brought somebody else.
    if (fields === null || this.duty.service !== service || !this.may(action)) return;
    const touched = fields.ticket ? `ticket/${fields.ticket}` : `window/${this.window}`;
    const wished =
      action === "ask_for_help"
        ? wish(action, { hall: this.hall, window: this.window })
        : this.ours(action, fields);
    const reply = await this.send(wished, [touched]);
    if (reply && action === "close_window") {
      this.leave();
      this.page.draw();
    }
  }

  may(action) {
    if (this.busy || !this.page.link.online || !this.duty) return false;
    return action in ACTIONS ? ACTIONS[action].when(this.duty) : mainAction(this.duty) === action;
  }

  ours(action, fields) {
    const lease = { hall: this.hall, window: this.window, generation: this.generation };
    return wish(action, { ...lease, ...fields });
  }

  /** What an action asks before it is done; null when the clerk went back. */
  async fieldsOf(action) {
    if (action === "pause_window") {
      // The reason stands on the window's public sign: in Chinese, whatever this page speaks.
      const reasons = PAUSES.map((name) => ({
        value: inChinese(`window.pause_${name}`),
        label: say(`window.pause_${name}`),
      }));
      const own = say("window.own_reason");
      const reason = await choose(say("window.why_pause"), reasons, { own });
      return reason && { reason };
    }
    if (action === "transfer") {
      const queues = this.names
        .all("queues")
        .filter((queue) => queue.id !== this.duty.queue)
        .map((queue) => ({ value: queue.id, label: nameOf(queue), key: letterOf(queue) }));
      const queue = await choose(say("window.transfer_to", { number: this.duty.number }), queues);
      return queue && { queue };
    }
    return action === "print_at_window" ? { ticket: this.duty.desk.ticket } : {};
  }

  /** An action on a ticket of the lists: 选呼, 恢复, 过号重排. */
  async onTicket(action, ticket) {
    if (!this.mayTicket(action)) return;
    const touched = [`ticket/${ticket.id}`];
    if (action === "return_passed")
      return this.send(wish(action, { hall: this.hall, ticket: ticket.id }), touched);
    const fields = { ticket: ticket.id };
    if (action === "call_ticket") {
      const reasons = BY_HAND.map((name) => ({
        value: inChinese(`window.by_hand_${name}`),
        label: say(`window.by_hand_${name}`),
      }));
      const title = say("window.why_call", { number: ticket.number });
      fields.reason = await choose(title, reasons, { own: say("window.own_reason") });
      if (!fields.reason || !this.mayTicket(action)) return;
    }
    await this.send(this.ours(action, fields), touched);
  }

  mayTicket(action) {
    if (this.busy || !this.page.link.online) return false;
    return action === "return_passed" || (this.duty.state === "open" && !this.duty.atHand);
  }

  /**
   * Give one command; nothing else is given until its answer came and the page shows what it
   * changed, and a moment longer, so that a double press calls one person.
   */
  async send(wished, touched) {
    if (this.busy) return null;
    this.busy = true;
    this.unanswered = null;
    this.words = null;
    this.page.draw();
    let settle;
    const settled = new Promise((done) => (settle = done));
    this.awaited = { touched, settle };
    try {
      const reply = await give(wished);
      if (wished.kind === "open_window") this.lease(reply);
      setTimeout(settle, SETTLE_MS); // a repeat's event may have come long ago
      await settled;
      await new Promise((done) => setTimeout(done, QUIET_MS));
      return reply;
    } catch (error) {
      this.failed(error, wished, touched);
      return null;
    } finally {
      this.awaited = null;
      this.busy = false;
      this.page.draw();
      if (!document.querySelector("dialog")) at("main-action").focus();
    }
  }

  lease(reply) {
    this.window = reply.window;
    this.generation = reply.generation;
    const { name } = this.page.me;
    tab.setItem("lease", JSON.stringify({ hall: this.hall, name, ...reply }));
  }

  failed(error, wished, touched) {
    const refused = error instanceof Refused;
    if (!refused && !(error instanceof Unanswered)) throw error;
    if (refused && error.code === "credential_unknown") return this.page.begin(refusal(error));
    const lost = wished.kind === "open_window" ? "hall.no_answer" : "window.unanswered";
    this.words = () => (refused ? refusal(error) : say(lost));
    if (!refused || error.passing) this.unanswered = { wished, touched };
  }

  /** Give the unanswered command again, with its own id: at worst it was done already. */
  again() {
    if (this.unanswered) this.send(this.unanswered.wished, this.unanswered.touched);
  }

  /** Facts came from the hall; the one that the running command waits for may be among them. */
  heard(facts) {
    if (this.awaited?.touched.some((address) => address in facts)) this.awaited.settle();
  }

  pressed(event, keysOn) {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
    if (!plain || typing) return;
    const onControl = event.target.closest("button, a, input");
    if (event.code === "Space" || event.code === "Enter" || event.code === "NumpadEnter") {
      if (event.repeat) return event.preventDefault(); // a held key is one press
      if (onControl) return; // the focused control is what it acts on
      event.preventDefault();
      return this.act(mainAction(this.duty));
    }
    if (!keysOn || event.repeat) return;
    if (this.lists.pressed(event)) return event.preventDefault();
    const found = Object.entries(ACTIONS).find(([, { key }]) => key === event.code);
    if (!found) return;
    event.preventDefault();
    this.act(found[0]);
  }

  draw(duty) {
    this.duty = duty;
    const names = this.names;
    at("notice").hidden = this.words === null;
    write(at("notice-text"), this.trouble());
    at("again").hidden = this.unanswered === null;
    at("work").setAttribute("aria-busy", String(this.busy));
    drawNow(duty, names, (action) => this.may(action));
    drawQueues(duty, names);
    this.lists.draw(duty, names, (action) => this.mayTicket(action));
  }
}
