/** What every page of the staff does: sign in, the line to the hall, sign out. */

import { at, write } from "/web/element.js";
import { Unanswered } from "/web/http.js";
import { Link } from "/web/link.js";
import { drawSignIn, signOut, whoIsHere } from "/web/sign_in.js";
import { load, nameOf, say, switcher } from "/web/texts.js";

const ASK_AGAIN_MS = 2000;
// With these the hall does not let this person in; any other refusal of the line passes.
const NOT_LET_IN = ["credential_unknown", "not_permitted", "hall_unknown", "wrong_hall"];

/**
 * Run a page of the staff. `arrived(page)` when somebody is signed in, page = {me, link, draw,
 * begin}; `joined()` each time the line stands; `heard(facts)` for each change; `draw(page)` at
 * most once for all changes that came together; `left()` when the sign-in form takes its place.
 */
export async function staffPage({
  title,
  files,
  draw,
  left,
  arrived = () => {},
  joined = () => {},
  heard = () => {},
}) {
  let page = null;
  let drawing = false;

  function show() {
    at("sign-out").hidden = page === null;
    if (page === null) return;
    at("lost").hidden = !page.link.lost;
    write(at("lost"), say("window.link_lost"));
    if (!page.link.state.has("hall")) return;
    write(at("hall-name"), nameOf(page.link.state.get("hall")));
    draw(page);
  }

  function soon() {
    if (drawing) return;
    drawing = true;
    setTimeout(() => {
      drawing = false;
      show();
    });
  }

  function signedIn(me) {
    at("sign-in").hidden = true;
    const link = new Link(me.hall, {
      changed: (_, facts) => {
        heard(facts);
        soon();
      },
      turned: (online) => {
        if (online) joined();
        soon();
      },
      refused: (code) => {
        if (NOT_LET_IN.includes(code)) begin(say(`refused.${code}`));
      },
    });
    page = { me, link, draw: soon, begin };
    arrived(page);
    soon();
  }

  /** From the start: who is here? Asked again until the hall answers. */
  async function begin(why = "") {
    page?.link.stop();
    page = null;
    // Nobody answers the question that another was asked.
    for (const question of document.querySelectorAll("dialog")) question.close();
    left();
    show();
    for (;;) {
      try {
        const me = why ? null : await whoIsHere();
        if (!me) await drawSignIn(at("sign-in"), signedIn, why);
        at("lost").hidden = true;
        at("sign-in").hidden = Boolean(me);
        at("name")?.focus();
        document.title = say(title);
        return me && signedIn(me);
      } catch (error) {
        if (!(error instanceof Unanswered)) throw error;
        at("lost").hidden = false;
        write(at("lost"), say("hall.no_answer"));
        await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
      }
    }
  }

  at("sign-out").addEventListener("click", async () => {
    try {
      await signOut();
      begin();
    } catch {
      at("lost").hidden = false; // still signed in, and it must not look otherwise
      write(at("lost"), say("hall.no_answer"));
    }
  });
  switcher(at("language"), () => (page ? show() : begin()));
  await load(...files, "hall", "refused", "reasons");
  begin();
}
