/** Devices in trouble (设备): which, where, since when, and what to do; the worst first. */

import { make } from "/web/element.js";
import { clock, knows, say } from "/web/texts.js";

const WORST_FIRST = ["fault", "offline", "degraded"];

/** The devices that the hall was told of, in trouble or not. Of a lost machine only itself is
 * listed: how its devices are is not known. */
export function devices(state) {
  const found = [];
  for (const [address, fact] of state) {
    const [topic, machine, device] = address.split("/");
    if (topic === "device") found.push({ machine, device, ...fact });
  }
  const own = found.filter((each) => each.device === "machine");
  const lost = own.filter((each) => each.trouble === "lost").map((each) => each.machine);
  return found.filter((each) => each.device === "machine" || !lost.includes(each.machine));
}

/** Draw them: one sentence where all is well, else a list. Nothing where none was ever told of. */
export function drawDevices(state, title, list) {
  const all = devices(state);
  const bad = all.filter((each) => WORST_FIRST.includes(each.state));
  bad.sort(
    (a, b) =>
      WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state) ||
      a.machine.localeCompare(b.machine) ||
      a.device.localeCompare(b.device),
  );
  title.parentElement.hidden = all.length === 0;
  const good = say("manager.devices_good", { count: all.length });
  title.textContent = bad.length ? say("manager.devices_bad", { count: bad.length }) : good;
  list.replaceChildren(...bad.map(line));
}

function line(each) {
  const kind = say(`device.kind.${each.kind}`);
  const place = each.window
    ? say("manager.device_at", { kind, window: each.window })
    : `${kind} ${each.machine}`;
  const key = `device.trouble.${each.trouble}`;
  const what = say(knows(key) ? key : "device.trouble.device_error");
  const since = say("manager.device_since", { time: clock(each.since) });
  const head = make("p", {}, make("strong", {}, place), ` ${since}`);
  return make("li", { "data-state": each.state }, head, make("p", {}, what));
}
