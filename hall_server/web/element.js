/** Making what stands in the page; text goes in as text, never as markup. */

/** The element of this page with this id. */
export function at(id) {
  return document.getElementById(id);
}

/** A new element: make("p", {class: "note"}, "text", child …). */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Write a text only where it changed, so that a screen reader hears each change once. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Keep one child of `parent` for each thing, in their order. A child that stays keeps its
 * focus: a clerk walking the list by keyboard must not be thrown out by somebody's new number.
 */
export function keep(parent, things, keyOf, create, update) {
  const wanted = new Set(things.map(keyOf));
  const present = new Map();
  for (const child of Array.from(parent.children)) {
    if (wanted.has(child.dataset.key)) present.set(child.dataset.key, child);
    else child.remove();
  }
  let before = null;
  for (const thing of things) {
    const key = keyOf(thing);
    const child = present.get(key) ?? create(thing);
    child.dataset.key = key;
    update(child, thing);
    const place = before ? before.nextSibling : parent.firstChild;
    if (place !== child) parent.insertBefore(child, place);
    before = child;
  }
}

/** Offer these [value, name] in a select; built anew only when they differ, the choice stays. */
export function offer(select, options) {
  const known = JSON.stringify(options);
  if (select.dataset.known === known) return;
  const { value } = select;
  select.dataset.known = known;
  select.replaceChildren(...options.map(([key, name]) => make("option", { value: key }, name)));
  if (options.some(([key]) => key === value)) select.value = value;
}

/** Fill a table: its head, then rows of {cells, felt}, the first cell the row's name. */
export function tabulate(table, head, rows) {
  const heading = make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)));
  const body = rows.map(({ cells: [name, ...rest], felt = false }) => {
    const cells = rest.map((cell) => make("td", {}, cell instanceof Node ? cell : String(cell)));
    return make("tr", felt ? { class: "felt" } : {}, make("th", { scope: "row" }, name), ...cells);
  });
  table.replaceChildren(make("thead", {}, heading), make("tbody", {}, ...body));
}
