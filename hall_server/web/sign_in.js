/** Signing in and out: who works at this page. */

import { make } from "/web/element.js";
import { Refused, request } from "/web/http.js";
import { device } from "/web/memory.js";
import { nameOf, say, whyNot } from "/web/texts.js";

/** Who is signed in here: {hall, name, role}; null when nobody. Throws Unanswered. */
export async function whoIsHere() {
  try {
    return await request("GET", "/api/me");
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

export function signOut() {
  return request("POST", "/api/sign_out", { body: {} });
}

/** Draw the sign-in form into `place`; calls `signed(me)` once. `why` is said above it. */
export async function drawSignIn(place, signed, why = "") {
  const halls = await request("GET", "/api/halls");
  const hall = make("select", { id: "hall", name: "hall", required: "" });
  for (const each of halls) hall.append(make("option", { value: each.id }, nameOf(each)));
  const kept = device.getItem("hall");
  if (halls.some((each) => each.id === kept)) hall.value = kept;
  const name = make("input", { id: "name", autocomplete: "username", required: "", maxlength: 32 });
  const password = make("input", {
    id: "password",
    type: "password",
    autocomplete: "current-password",
    required: "",
    maxlength: 200,
  });
  const trouble = make("p", { class: "trouble", role: "alert" }, why);
  const button = make("button", { type: "submit", class: "main" }, say("window.sign_in"));
  const form = make("form", { class: "card sign-in" }, make("h1", {}, say("window.sign_in")));
  for (const [field, label] of [
    [hall, "window.hall"],
    [name, "window.name"],
    [password, "window.password"],
  ])
    form.append(make("label", { for: field.id }, say(label)), field);
  form.append(trouble, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    trouble.textContent = "";
    const signing = { name: name.value.trim().toLowerCase(), password: password.value };
    try {
      const body = { hall: hall.value, ...signing };
      const me = await request("POST", "/api/sign_in", { body });
      device.setItem("hall", me.hall);
      signed(me);
    } catch (error) {
      trouble.textContent = whyNot(error);
      button.disabled = false;
      password.select();
    }
  });
  place.replaceChildren(form);
  name.focus();
}
