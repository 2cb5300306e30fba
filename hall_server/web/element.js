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

/**
 * Fill a table: its head, then rows of {cells, felt}, the first cell the row's name. On a narrow
 * screen each row is a block (page.css): its cells carry the head's words, and the roles say what
 * a block no longer says of itself.
 */
export function tabulate(table, head, rows) {
  const column = (name) => make("th", { scope: "col", role: "columnheader" }, name);
  const heading = make("tr", { role: "row" }, ...head.map(column));
  const body = rows.map(({ cells: [name, ...rest], felt = false }) => {
    const cells = rest.map((cell, n) =>
      make(
        "td",
        { role: "cell", "data-head": head[n + 1] },
        cell instanceof Node ? cell : String(cell),
      ),
    );
    const row = make("tr", { role: "row", class: felt ? "felt" : "" });
    row.append(make("th", { scope: "row", role: "rowheader" }, name), ...cells);
    return row;
  });
  table.setAttribute("role", "table");
  table.replaceChildren(make("thead", {}, heading), make("tbody", {}, ...body));
}
