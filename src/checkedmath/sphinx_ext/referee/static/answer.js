// What is shown of a record: the verdict in words, its place, the formulas drawn, and texts to copy.
import { draw } from "./engine.js";

export const make = (tag, className, text, attributes = {}) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  if (tag === "button") element.type = "button";
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};
export const WORDS = {
  holds: ["✓", "True"], conditional: ["◐", "True on a condition"], fails: ["✗", "False"], unreadable: ["?", "Cannot be read"],
};
// A sentence; a symbol that begins it keeps its letter: dz is not Dz.
export const sentence = (text) => {
  const said = text.trim();
  const first = /^([a-z]{3,}|it|in|if|no)\b(?![[_])/.test(said) ? said[0].toUpperCase() + said.slice(1) : said;
  return first + (!first || /[.!?]$/.test(first) ? "" : ".");
};
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const small = (error) => error.toExponential(0).replace(/e-(\d+)/, (_, digits) => ` · 10⁻${[...digits].map((d) => RAISED[d]).join("")}`);

// The text with its fault marked; a mark that is no wider than a letter is drawn as a gap.
function placed(text, span) {
  const pre = make("pre", "referee-text", "", { tabindex: "0" });
  const letters = [...text];
  const [start, end] = span ?? [letters.length, letters.length];
  pre.append(letters.slice(0, start).join(""));
  if (span) pre.append(make("mark", "", letters.slice(start, Math.max(end, start + 1)).join("") || "\u2007", { title: "here" }));
  pre.append(letters.slice(Math.max(end, start + 1)).join(""));
  return pre;
}

// A message of an unreadable text begins with the line and a caret, which the marked text shows better.
const spoken = (record) => record.verdict === "unreadable"
  ? record.message.replace(/^[^]*?\n\s*\^ ?/, "")
  : record.message;

export function summary(record, wanted = []) {
  const asSaid = record.verdict === "conditional" && record.where.length
    && record.where.every(({ code }) => wanted.includes(code));
  return asSaid ? `True, as you said: ${record.where.map(({ text }) => text).join(" and ")}.` : sentence(spoken(record));
}

// A part that opens, as in the bar under a formula of the book.
function part(kind, title, content) {
  const details = make("details", `formula-part formula-${kind}`);
  const view = make("div", "formula-view");
  view.append(...content);
  details.append(make("summary", "", title), view);
  return details;
}

function copier(title, text) {
  const box = make("div", "formula-text");
  const button = make("button", "", "Copy", { "aria-label": `Copy ${title}` });
  button.addEventListener("click", () => copied(button, text));
  box.append(make("span", "", title), make("pre", "", text, { tabindex: "0", "aria-label": title }), button);
  return box;
}

export async function copied(button, text) {
  const before = button.dataset.name ??= button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    const area = make("textarea", "", "", { "aria-label": "Text to copy" });
    area.value = text;
    button.after(area);
    area.select();
    button.textContent = document.execCommand("copy") ? "Copied" : "Select and copy";
    if (button.textContent === "Copied") area.remove();
  }
  setTimeout(() => { button.textContent = before; }, 2000);
}

const SIZE = /\bn_(?:(\w+)|\{([^{}]*)\})/g;
function symbols(list, link) {
  const rows = make("ul", "formula-symbols", "", { "aria-label": "Symbols of this formula" });
  for (const symbol of list) {
    const row = make("li");
    const base = symbol.name.replace(/'+$/, "");
    row.dataset[symbol.function ? "function" : "symbol"] = base;
    if (base !== symbol.name) row.dataset.primes = symbol.name.length - base.length;
    if (symbol.member) row.dataset.member = symbol.member;
    const address = link(symbol.link);
    const name = address ? make("a", "", symbol.words, { href: address }) : make("span", "", symbol.words);
    const shape = make("span");
    let end = 0;
    for (const found of symbol.shape.matchAll(SIZE)) {
      shape.append(symbol.shape.slice(end, found.index), "n", make("sub", "", found[1] ?? found[2]));
      end = found.index + found[0].length;
    }
    shape.append(symbol.shape.slice(end) + (symbol.numbers ? `, here ${symbol.numbers}` : ""));
    row.append(make("b", "", symbol.unicode), " ", name, " ", shape);
    if (symbol.meaning) row.append(" ", make("small", "", symbol.meaning));
    rows.append(row);
  }
  return rows;
}

// The verdict, as soon as it is there: what is drawn comes a moment later.
export function showVerdict(box, record, { text, wanted, title, link }) {
  const [mark, word] = WORDS[record.verdict];
  const head = make("p", `referee-verdict is-${record.verdict}`);
  head.append(make("span", "referee-mark", mark, { "aria-hidden": "true" }), " ", make("strong", "", word));
  if (title) head.append(make("span", "referee-setting", ` · ${title}`));
  const said = record.verdict === "holds" && record.message === "true" ? "" : summary(record, wanted);
  const parts = [head, make("p", "referee-message", said)];
  const claims = record.lines.filter((line) => line.claims);
  if (record.verdict === "unreadable" || (record.span && record.verdict !== "holds" && text.includes("\n"))) parts.push(placed(record.text || text, record.span));
  if (record.nearest) {
    const nearest = make("div", "referee-nearest");
    const said = make("p", "", record.verdict === "conditional" ? "Without that condition, the nearest true formula is" : "The nearest true formula is");
    nearest.append(said, make("div", "referee-drawn formula-drawn", record.nearest, { tabindex: "0" }));
    if (record.slip) nearest.append(make("p", "referee-slip", `What differs: ${record.slip}.`));
    const links = [[link.formula(record.nearest), "Where the book derives it"], [link.page(record.page), "More about this mistake"]]
      .filter(([address]) => address);
    if (links.length) {
      const line = make("p", "referee-links");
      links.forEach(([address, name]) => line.append(make("a", "", name, { href: address }), " "));
      nearest.append(line);
    }
    parts.push(nearest);
  }
  if (claims.length > 1) {
    const list = make("ol", "referee-lines", "", { "aria-label": "Each statement" });
    for (const line of record.lines) {
      const [sign, said] = line.claims ? WORDS[line.verdict] : ["·", "Given"];
      const row = make("li", `is-${line.claims ? line.verdict : "given"}`);
      row.append(make("span", "referee-mark", sign, { "aria-hidden": "true" }), " ", make("code", "", line.source), " ", make("span", "", said));
      list.append(row);
    }
    parts.push(list);
  }
  for (const note of record.notes) parts.push(make("p", "referee-note", sentence(note)));
  if (record.verdict === "holds" && record.draws) {
    parts.push(make("p", "referee-note", `Both sides were computed in ${record.draws} random draws; the largest relative difference is ${record.error ? small(record.error) : "0"}.`));
  }
  box.replaceChildren(...parts);
}

// The formulas as they were read, with what can be opened below them.
export async function showDress(box, record, dress, { link }) {
  const jobs = [];
  const nearest = box.querySelector(".referee-nearest .referee-drawn");
  if (nearest && dress.nearest_latex) jobs.push(draw(nearest, dress.nearest_latex, record.nearest));
  if (dress.read?.length) {
    const formula = make("div", "formula referee-read");
    const bar = make("div", "formula-bar", "", { role: "group", "aria-label": "About this formula" });
    for (const tex of dress.read) {
      const body = make("div", "formula-body", "", { tabindex: "0", role: "math", "aria-label": dress.words || "The formula as it was read" });
      formula.append(body);
      jobs.push(draw(body, tex, ""));
    }
    bar.append(part("shapes", "Shapes", [symbols(dress.symbols, link.symbol)]));
    if (dress.words) bar.append(part("words", "Read it aloud", dress.steps.map((step) => make("p", "", sentence(step)))));
    if (dress.numbers) bar.append(drawnPart("numbers", "With numbers", dress.numbers, dress.numbers_text, `Numbers of ${dress.example}${dress.at ? ` at ${dress.at}` : ""}, rounded: so ≈ stands for =.`));
    if (dress.rows) bar.append(drawnPart("rows", "Examples as rows", dress.rows, dress.rows_text, "Each example is a row, and Z = A Wᵀ + b with W as it is here, as in PyTorch."));
    if (dress.latex) bar.append(part("copy", "Copy as", [["LaTeX", dress.latex], ["Forum text", dress.forum], ["Unicode", dress.unicode]].filter(([, text]) => text).map((one) => copier(...one))));
    if (dress.numpy) bar.append(part("numpy", "Check in NumPy", [copier("NumPy", dress.numpy)]));
    formula.append(bar);
    const heading = make("p", "referee-heading", dress.read.length > 1 ? "What was read, line by line, with shapes" : "What was read, with shapes");
    box.querySelector(".referee-message").after(heading, formula);
  }
  await Promise.all(jobs);
}

function drawnPart(kind, title, tex, plain, note) {
  const place = make("div", "formula-drawn", "", { tabindex: "0", role: "math", "aria-label": plain });
  const details = part(kind, title, [place, make("p", "", note)]);
  details.addEventListener("toggle", () => draw(place, tex, plain), { once: true });
  return details;
}
