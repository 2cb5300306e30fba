/** A hall's live state: one flat mapping from an address to a value, changed by whole facts. */

/** Change a live state (a Map) by an event's facts: each one is an assignment. */
export function apply(state, facts) {
  for (const [address, value] of Object.entries(facts)) {
    if (value !== null) {
      state.set(address, value);
    } else if (address.endsWith("/*")) {
      for (const known of [...state.keys()])
        if (known.startsWith(address.slice(0, -1))) state.delete(known);
    } else {
      state.delete(address);
    }
  }
}

/** The live tickets, each with its id, in the order of their queue. */
export function tickets(state) {
  const found = [];
  for (const [address, value] of state)
    if (address.startsWith("ticket/")) found.push({ id: address.slice(7), ...value });
  return found.sort((a, b) => a.order - b.order || a.taken_at - b.taken_at || (a.number < b.number ? -1 : 1));
}

/** The open helper calls (帮办), each with its id: first whom nobody came to in time. */
export function helperCalls(state) {
  const found = [];
  for (const [address, value] of state)
    if (address.startsWith("helper/")) found.push({ id: address.slice(7), ...value });
  return found.sort((a, b) => b.escalated - a.escalated || a.called_at - b.called_at);
}

/** The paper of this ticket is missing, as far as anybody knows. */
export function unprinted(ticket) {
  return ticket.print === "failed" || ticket.print === "unknown";
}

/** One entry of the hall's layout, such as queue "social"; its id where it is not known. */
export function entry(state, list, id) {
  return state.get("hall")?.[list].find((known) => known.id === id) ?? { id, name: id };
}
