// KaTeX behind a pipe. Each line of standard input is one formula, {"tex", "display", "output"}; each line of
// standard output is its answer, {"html", "notes"} or {"error", "position"}. The process ends with
// its input, so it can never outlive the build that started it.
//
// Arguments: the path of katex.min.js, the macros as JSON.
"use strict";

const katex = require(process.argv[2]);
const slimmed = require("./slim.js");
const macros = JSON.parse(process.argv[3]);
const TRUSTED = new Set(["\\htmlData", "\\htmlClass", "\\htmlId"]);

// KaTeX counts UTF-16 units; the reader of the answer counts characters.
function characters(tex, position) {
  return Array.from(tex.slice(0, position)).length;
}

// An error inside a macro carries a position in the macro's own text. KaTeX's message ends with the
// surroundings of the fault; if the formula does not hold them, no caret can be drawn in it.
function place(tex, error) {
  if (error.position === undefined) return null;
  const around = error.message.slice(error.message.lastIndexOf(error.rawMessage));
  const shown = around
    .slice(error.rawMessage.length)
    .replace(/^ at (position \d+|end of input): /, "")
    .replace(/[\u0332\u2026]/g, "");
  return tex.includes(shown) ? characters(tex, error.position) : null;
}

function render(tex, display, output) {
  const notes = [];
  try {
    const tree = katex.__renderToDomTree(tex, {
      displayMode: display,
      output,
      throwOnError: true,
      // A fresh copy each time: \gdef would otherwise carry over from one formula to the next.
      macros: { ...macros },
      trust(context) {
        if (TRUSTED.has(context.command)) return true;
        notes.push({ code: "trust", text: `${context.command} is not allowed in a formula` });
        return false;
      },
      // Never "error": every remark is collected, and the page still shows the formula.
      strict(code, text) {
        // \htmlData and its kin are how the book itself marks the factors of a formula.
        if (code !== "htmlExtension") notes.push({ code: "strict", text });
        return "ignore";
      },
    });
    return { html: slimmed(tree).toMarkup(), notes };
  } catch (error) {
    // What is nested too deep for KaTeX, or for the pass over its tree, is the author's fault, and ends no build.
    if (error instanceof RangeError) return { error: "it is nested too deep to be drawn", position: 0 };
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage, position: place(tex, error) };
  }
}

require("node:readline")
  .createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on("line", (line) => {
    const { tex, display, output } = JSON.parse(line);
    process.stdout.write(JSON.stringify(render(tex, display, output)) + "\n");
  });
