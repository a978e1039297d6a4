// The same drawing from fewer elements. KaTeX wraps each letter in spans that carry what its own layout needs to
// know (mord, mbin, mtight …) and no stylesheet asks for, builds an exponent from six boxes, and a column of numbers
// from three a number. A page with fifty matrices is mostly that. Places and sizes are KaTeX's to the last digit.
"use strict";

// Kinds of atoms: KaTeX computes the space between them before it writes, and its stylesheet names none of them.
const KINDS = new Set(["", "mord", "mbin", "mrel", "mopen", "mclose", "mpunct", "minner", "mop", "mtight"]);
const SIZES = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.44, 1.728, 2.074, 2.488];
const STYLES = new Set(["top", "marginLeft", "marginRight"]);
// What is drawn as a box with a rounded or an angled border instead of an outline of its own.
const BRACKETS = { lparen: "formula-lparen", rparen: "formula-rparen" };

const ROW = 1.2; // from one row of a matrix to the next; the same in the stylesheet

const em = (text) => Number.parseFloat(text);
const written = (value) => `${Number(value.toFixed(4))}em`;
const has = (node, name) => Boolean(node.classes && node.classes.includes(name));
const isEmpty = (record) => !Object.values(record ?? {}).some((value) => value !== undefined && value !== "");
const isFragment = (node) => Array.isArray(node.children) && node.attributes === undefined;
const isSpan = (node) => Array.isArray(node.children) && Array.isArray(node.classes) && node.attributes !== undefined;
const isLetter = (node) => typeof node.text === "string" && Array.isArray(node.classes);

// Text without a mark of its own, or null.
function plain(node) {
  if (isLetter(node)) {
    return node.italic > 0 || !isEmpty(node.style) || !node.classes.every((name) => KINDS.has(name)) ? null : node.text;
  }
  if (!node.children || (isSpan(node) && (!isEmpty(node.attributes) || !isEmpty(node.style)))) return null;
  if (node.classes && !node.classes.every((name) => KINDS.has(name))) return null;
  const parts = node.children.map(plain);
  return parts.includes(null) ? null : parts.join("");
}

// The boxes of a list set one above the other, each with its distance below the line; null for another form.
function stacked(node) {
  const list = node.children?.length === 1 ? node.children[0] : null;
  if (!list || !has(list, "vlist-t")) return null;
  const items = list.children.flatMap((row) => row.children.filter((cell) => has(cell, "vlist"))
    .flatMap((cell) => cell.children)).filter((item) => item.children.length);
  if (!items.every((item) => item.style.top && has(item.children[0], "pstrut"))) return null;
  return items.map((item) => ({
    style: item.style,
    down: em(item.style.top) + em(item.children[0].style.height),
    content: item.children.slice(1),
  }));
}

// Turn `node` into one box of a list, moved up or down; a size of its own is the box's.
function moved(node, item) {
  const box = item.content.length === 1 && isSpan(item.content[0]) && isEmpty(item.content[0].style)
    && isEmpty(item.content[0].attributes) ? item.content[0] : { classes: [], children: item.content };
  const [from, to] = [/^reset-size(\d+)$/, /^size(\d+)$/].map((form) =>
    box.classes.map((name) => form.exec(name)).find(Boolean)?.[1]);
  const ratio = from && to ? SIZES[to] / SIZES[from] : 1;
  node.classes = ["formula-moved", ...box.classes.filter((name) => !KINDS.has(name))];
  node.style = { top: written(item.down / ratio) };
  for (const side of ["marginLeft", "marginRight"]) {
    if (em(item.style[side])) node.style[side] = written(em(item.style[side]) / ratio);
  }
  node.children = box.children;
}

// Exponent and index, what stands under a sum, a fraction: boxes in one place, each moved. One alone needs no place.
function gathered(node) {
  const items = stacked(node);
  const isLine = (item) => has(item.content[0], "frac-line");
  const simple = (item) => Object.keys(item.style).every((name) => STYLES.has(name) || !item.style[name]);
  if (!items?.length || !items.every(simple)) return;
  if (items.length === 1) {
    if (has(node, "msupsub")) moved(node, items[0]);
    return;
  }
  const Span = node.constructor;
  node.classes = ["formula-stack", ...node.classes.filter((name) => !KINDS.has(name))];
  node.children = items.map((item) => {
    const box = new Span([], []);
    moved(box, isLine(item) ? { ...item, content: [] } : item);
    if (isLine(item)) {
      box.classes.push("frac-line");
      box.style.borderBottomWidth = item.content[0].style.borderBottomWidth;
    }
    return box;
  });
}

// A column of plain numbers: lines of one text.
function column(node, letter) {
  const items = stacked(node);
  if (!items?.length) return false;
  const lines = items.map((item) => item.content.length === 1 ? plain(item.content[0]) : null);
  const steps = items.slice(1).map((item, n) => item.down - items[n].down);
  if (lines.some((line) => !line) || steps.some((step) => Math.abs(step - ROW) > 1e-3)) return false;
  node.classes = ["formula-column", ...node.classes.filter((name) => name !== "col-align-c")];
  node.style = { verticalAlign: written(-items.at(-1).down) };
  node.children = [letter(lines.join("\n"))];
  return true;
}

// A bracket higher than the font's: one box as high, its border the bracket.
function bracket(node) {
  const items = stacked(node);
  if (items?.length !== 1 || items[0].content.length !== 1) return false;
  const [box] = items[0].content;
  const name = BRACKETS[box.children?.[0]?.children?.[0]?.pathName];
  if (!name) return false;
  node.classes = [name];
  node.style = { height: box.style.height, verticalAlign: written(-items[0].down) };
  node.children = [];
  return true;
}

function slim(node, letter, kept = false) {
  if (isLetter(node)) {
    if (!kept) node.classes = node.classes.filter((name) => !KINDS.has(name));
    return [node];
  }
  if (!isSpan(node) && !isFragment(node)) return [node];
  if (has(node, "mult") && has(node, "delimsizing")) {
    bracket(node);
    return [node];
  }
  if (has(node, "col-align-c") && column(node, letter)) return [node];
  if (["msupsub", "op-limits", "mfrac"].some((name) => has(node, name)) && isEmpty(node.style)) gathered(node);
  // A stylesheet names these by their place in the list.
  const inList = has(node, "vlist");
  for (const item of inList ? node.children : []) {
    item.children = item.children.flatMap((child) => has(child, "pstrut") ? [child] : slim(child, letter, true));
  }
  const fixed = ["katex-inner", "delim-size1", "delim-size4", "vlist-s"].some((name) => has(node, name));
  if (!inList && !fixed) {
    node.children = node.children.flatMap((child) => slim(child, letter, kept && isFragment(node)));
  }
  if (isFragment(node)) return node.children;
  if (!has(node, "enclosing")) node.classes = node.classes.filter((name) => !KINDS.has(name));
  const needed = kept || node.classes.length || !isEmpty(node.style) || !isEmpty(node.attributes);
  return needed ? [node] : node.children;
}

// Slim what is for the eye in a tree of KaTeX's; its MathML stays as it is.
module.exports = function slimmed(tree) {
  if (has(tree, "katex-html")) {
    const letter = (text) => ({ toMarkup: () => text.replace(/&/g, "&amp;").replace(/</g, "&lt;") });
    tree.children = tree.children.flatMap((child) => slim(child, letter));
  } else {
    for (const child of tree.children ?? []) slimmed(child);
  }
  return tree;
};
