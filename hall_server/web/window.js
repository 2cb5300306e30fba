/** The window page (窗口): choose a window, open it, work. */

import { Desk } from "/web/desk.js";
import { dutyOf, takenOver } from "/web/duty.js";
import { at, keep, make, write } from "/web/element.js";
import { drawHelperCalls } from "/web/helper_calls.js";
import { device } from "/web/memory.js";
import { Names } from "/web/names.js";
import { staffPage } from "/web/staff_page.js";
import { nameOf, say } from "/web/texts.js";

const PHASES = ["choose-window", "taken", "work"];
let page = null;
let desk = null;
let names = null;

function show(phase) {
  const arriving = phase !== null && at(phase).hidden;
  for (const each of PHASES) at(each).hidden = each !== phase;
  at("keys-choice").hidden = phase !== "work";
  return arriving;
}

function draw() {
  const { link, me } = page;
  const duty = desk.window === null ? null : dutyOf(link.state, desk.window);
  drawHelperCalls(page);
  write(at("who"), duty ? say("window.who", { window: duty.id, name: me.name }) : me.name);
  if (desk.busy) return at("work").hidden || desk.draw(duty);
  if (!duty) return drawChoice();
  if (takenOver(duty, desk.generation)) return drawTaken(duty);
  if (duty.state === "closed") {
    desk.leave();
    return drawChoice();
  }
  const arriving = show("work");
  desk.draw(duty);
  if (arriving) at("main-action").focus();
}

/** The windows of the hall, each with who is there; opening one that is open takes it over. */
function drawChoice() {
  const { state } = page.link;
  const select = at("windows");
  const staffAt = (id) => {
    const duty = dutyOf(state, id);
    return duty.state === "closed" ? null : duty.desk.staff;
  };
  const label = (plan) => {
    const facts = { window: plan.id, name: nameOf(plan), staff: staffAt(plan.id) };
    return say(facts.staff ? "window.option_open" : "window.option", facts);
  };
  const plans = state.get("hall").windows;
  keep(
    select,
    plans,
    ({ id }) => id,
    ({ id }) => make("option", { value: id }),
    (option, plan) => write(option, label(plan)),
  );
  const arriving = show("choose-window");
  const kept = device.getItem("window");
  if (arriving && plans.some(({ id }) => id === kept)) select.value = kept;
  const staff = staffAt(select.value);
  const queues = dutyOf(state, select.value).queues.map((id) => names.queue(id));
  write(
    at("choice-note"),
    staff
      ? say("window.will_take_over", { name: staff })
      : say("window.serves", { queues: queues.join(say("hall.comma")) }),
  );
  write(at("choice-trouble"), desk.trouble());
  document.title = say("window.choose");
  if (arriving) select.focus();
}

function drawTaken(duty) {
  const own = duty.desk.staff === page.me.name;
  const facts = { window: duty.id, name: duty.desk.staff ?? "" };
  write(at("taken-by"), say(own ? "window.taken_by_self" : "window.taken_by", facts));
  write(at("taken-trouble"), desk.trouble());
  document.title = say("window.taken_title");
  if (show("taken")) at("take-back").focus();
}

at("choose-window").addEventListener("submit", (event) => {
  event.preventDefault();
  device.setItem("window", at("windows").value);
  desk.open(at("windows").value);
});
at("windows").addEventListener("change", () => page.draw());
at("take-back").addEventListener("click", () => desk.open(desk.window));
at("leave-window").addEventListener("click", () => {
  desk.leave();
  page.draw();
});
document.addEventListener("keydown", (event) => {
  if (!at("work").hidden) desk.pressed(event, at("keys").checked);
});
at("keys").checked = device.getItem("keys") !== "off";
at("keys").addEventListener("change", () => {
  device.setItem("keys", at("keys").checked ? "on" : "off");
});
staffPage({
  title: "window.sign_in",
  files: ["window", "helper"],
  draw,
  left: () => show(null),
  arrived: (now) => {
    page = now;
    names = new Names(page.link, page.draw);
    desk = new Desk(page, names);
  },
  joined: () => names.learn(),
  heard: (facts) => desk?.heard(facts),
});
