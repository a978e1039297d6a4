// Exercises that answer: a formula is judged by the checker, which is loaded when somebody first asks; a shape and a
// number are compared here. Hints come one after the other.
if (!globalThis.exercisesAnswer) {
  globalThis.exercisesAnswer = true;
  document.querySelectorAll(".exercise").forEach(prepared);
}

function prepared(exercise) {
  const form = exercise.querySelector("form");
  form.addEventListener("submit", (event) => { event.preventDefault(); answered(form); });
  const clues = [...exercise.querySelectorAll(".exercise-clue")];
  clues.forEach((clue, n) => {
    clue.querySelector("summary").textContent = clues.length > 1 ? `Hint ${n + 1} of ${clues.length}` : "Hint";
    clue.addEventListener("toggle", () => { clues[n + 1]?.classList.add("is-next"); });
  });
}

function say(form, word, text, kind) {
  const place = form.querySelector(".exercise-answer");
  const strong = document.createElement("strong");
  strong.textContent = word;
  place.replaceChildren(strong, word && text ? " " : "", text);
  place.dataset.answer = kind;
}

const right = (form, text = "") => say(form, "✓ Right.", text, "right");
const wrong = (form, text) => say(form, "✗ Not yet.", text, "wrong");
const dot = (text) => text + (!text || /[.!?]$/.test(text) ? "" : ".");

async function answered(form) {
  const { asks } = form.dataset;
  const field = form.elements.answer;
  if (asks === "line") {
    const chosen = form.querySelector("input[type=radio]:checked");
    if (!chosen) return say(form, "", "Choose a line first.", "none");
    if (chosen.value !== form.dataset.wrong) return wrong(form, "That line is true. Put its shapes, or one small case, to the test.");
    if (field.closest("label").hidden) {
      field.closest("label").hidden = false;
      field.focus();
      return say(form, "✓ That is the line.", "Now write it as it should be.", "half");
    }
  }
  const text = field.value.trim();
  if (!text) {
    field.focus();
    return say(form, "", "Write your answer first.", "none");
  }
  if (asks === "number") return compared(form, text);
  if (asks === "shape" && shaped(form, text)) return undefined;
  return judged(form, asks === "shape" ? claimed(form, text) : text);
}

// A number is right to half a unit of the last digit that the book gives, or of those that were typed if fewer.
function compared(form, text) {
  const given = Number(text.replace("−", "-").replace(",", "."));
  if (Number.isNaN(given)) return wrong(form, "Expected a number, such as 0.25.");
  const digits = (value) => (value.split(".")[1] ?? "").length;
  const near = (value, places) => Math.abs(given - Number(value)) <= 0.51 * 10 ** -places;
  const places = Math.min(digits(form.dataset.answer), Math.max(digits(text), 2));
  if (near(form.dataset.answer, places)) return right(form);
  const slip = Object.entries(JSON.parse(form.dataset.slips)).find(([value]) => near(value, Math.min(digits(value), Math.max(digits(text), 2))));
  if (slip) return wrong(form, dot(slip[1]));
  return wrong(form, Math.sign(given) !== Math.sign(Number(form.dataset.answer)) ? "The sign is another one." : "The hint says which numbers to multiply.");
}

const sizes = (text) => text.split(/[(),×x\s]+/).map((size) => size.replace(/[_{}[\]]/g, "")).filter(Boolean);
const same = (one, other) => sizes(one).join() === sizes(other).join();

function shaped(form, text) {
  const { answer, numbers } = form.dataset;
  if (same(text, answer) || (numbers && same(text, numbers))) { right(form); return true; }
  if (sizes(text).length !== 2) { wrong(form, "Expected two sizes: rows, then columns, such as (n_1, m)."); return true; }
  if (sizes(text).every((size) => /^\d+$/.test(size))) {
    wrong(form, numbers && same(sizes(text).reverse().join(), numbers) ? "These are the two sizes, in the other order." : "Count again: rows are what goes out, columns what comes in.");
    return true;
  }
  return false;
}
const claimed = (form, text) => `${form.dataset.target} \\in \\mathbb{R}^{${text.replace(/[()]/g, "").split(/[,×]|\bx\b/).map((size) => size.trim()).join(" \\times ")}}`;

async function judged(form, text) {
  const { target = "", names = "", setting, layout = "" } = form.dataset;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const { engine } = await import("./engine.js");
    let record;
    await engine.check({ text, setting, layout, target, answers: { target, names } }, (found) => { record = found; }, { say: (words) => say(form, "", words, "loading") });
    if (record.answers === "") right(form);
    else if (record.verdict === "holds") say(form, "◐ True,", record.answers, "half");
    else if (record.verdict === "unreadable") say(form, "?", dot(record.message.replace(/^[^]*?\n\s*\^ ?/, "")), "unreadable");
    else wrong(form, dot(record.message) + (record.slip ? ` What differs from the nearest true formula: ${record.slip}.` : ""));
  } catch (error) {
    say(form, "", `${error.message} The solution below needs no checker.`, "failed");
  } finally {
    button.disabled = false;
  }
}
