// What a person with weak eyes or without a mouse meets on the page that is open: a list of faults.
const faults = [];
const shown = (element) => {
  const box = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return box.width > 1 && box.height > 1 && style.visibility === "visible";
};
const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
const luminance = ([red, green, blue]) =>
  [red, green, blue]
    .map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const groundOf = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parts(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] > 0.99) return colour;
  }
  return [255, 255, 255];
};

for (const element of document.querySelectorAll("body *")) {
  const words = [...element.childNodes]
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .map((node) => node.textContent.trim())
    .join("");
  if (words === "" || !shown(element)) continue;
  const ratio = contrast(parts(getComputedStyle(element).color), groundOf(element));
  if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)}: ${words}`);
}
for (const field of document.querySelectorAll("input, select, textarea")) {
  if (shown(field) && field.labels.length === 0 && !field.getAttribute("aria-label"))
    faults.push(`no label: ${field.id}`);
}
for (const button of document.querySelectorAll("button, a")) {
  if (!shown(button)) continue;
  const name = button.getAttribute("aria-label") ?? button.textContent.trim();
  if (!name) faults.push(`no name: ${button.outerHTML}`);
  const { width, height } = button.getBoundingClientRect();
  if (Math.min(width, height) < 43.9) faults.push(`small (${width}x${height}): ${name}`);
}
for (const element of document.querySelectorAll("[id]"))
  if (document.querySelectorAll(`[id="${element.id}"]`).length > 1)
    faults.push(`id twice: ${element.id}`);
// On a telephone innerWidth grows with what is too wide; the width laid out for does not.
if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
  faults.push(`wider than the screen: ${document.documentElement.scrollWidth}`);
if (!document.documentElement.lang) faults.push("no language");
if (!document.title) faults.push("no title");
return faults;
