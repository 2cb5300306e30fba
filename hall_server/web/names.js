/** What things are called: items, queues and priority classes by their ids. */

import { entry } from "/web/state.js";
import { nameOf } from "/web/texts.js";

export class Names {
  constructor(link, learnt) {
    this.link = link;
    this.learnt = learnt;
    this.items = new Map();
    this.version = null;
  }

  /** Learn the items' names, once for each version of the catalogue. */
  async learn() {
    const version = this.link.state.get("hall")?.catalogue_version;
    if (version === this.version) return;
    try {
      const { items } = await this.link.see("catalogue");
      this.items = new Map(items.map((item) => [item.code, item]));
      this.version = version;
      this.learnt();
    } catch (error) {
      // Queue names stand in until the line is made anew and this is asked again.
      console.warn("no catalogue:", error.message);
    }
  }

  /** All entries of one list of the layout. */
  all(list) {
    return this.link.state.get("hall")?.[list] ?? [];
  }

  /** What a ticket was taken for. */
  item(ticket) {
    const item = this.items.get(ticket.item);
    return item ? nameOf(item) : this.queue(ticket.queue);
  }

  queue(id) {
    return nameOf(entry(this.link.state, "queues", id));
  }

  /** A ticket's priority class (优先类别), or null. */
  priority(ticket) {
    return ticket.priority && nameOf(entry(this.link.state, "classes", ticket.priority));
  }

  /** People waiting in a queue (等候). */
  waiting(queue) {
    return this.link.state.get(`queue/${queue}`)?.waiting ?? 0;
  }
}
