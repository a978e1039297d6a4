// The page "Check your own formula": the box, its address, and the answer.
// The address `#f=<text>&s=<setting>&l=<layout>&r=1` holds all there is, and nothing is kept anywhere else.
import { engine, obstacle } from "./engine.js";
import { copied, showDress, showVerdict, summary, WORDS } from "./answer.js";

const LONGEST = 1800; // of an address: longer ones are cut by some programs
const root = document.querySelector(".referee");
const form = root.querySelector("form");
const { text, setting, layout, rows } = form.elements;
const [go, stop] = [form.querySelector("[type=submit]"), form.querySelector(".referee-stop")];
const status = root.querySelector("[role=status]");
const answer = root.querySelector(".referee-answer");
const after = root.querySelector(".referee-after");
const site = new URL(root.dataset.site, location.href);
const wantedRows = root.dataset.rows.split(" ").filter(Boolean);
let running = null;
let links = null;

const asked = () => ({
  text: text.value.replace(/\r\n?/g, "\n").replace(/^\n+|\s+$/g, ""), setting: setting.value, layout: layout.value,
  wanted: rows.checked ? wantedRows : [],
});
const titles = Object.fromEntries([...setting.options].map((option) => [option.value, option.text]));

function hashOf({ text: f, setting: s, layout: l }) {
  const found = new URLSearchParams({ f });
  if (s) found.set("s", s);
  if (l) found.set("l", l);
  if (rows.checked) found.set("r", "1");
  return `#${found.toString().replace(/\+/g, "%20")}`;
}

function say(words, part) {
  status.textContent = words;
  const bar = root.querySelector("progress");
  bar.hidden = part === undefined || part >= 1 || !words;
  if (part !== undefined) bar.value = part;
}

const inSite = (path) => path ? new URL(path, site).href : "";
const place = (target = "") => {
  const [page, anchor] = target.split("#");
  return links?.pages[page] ? `${inSite(links.pages[page])}${anchor ? `#${anchor}` : ""}` : "";
};
const link = { formula: (plain) => inSite(links?.formulas[plain]), page: place, symbol: place };

async function check() {
  if (running) return;
  const what = asked();
  if (!what.text) {
    say("Type a formula first.");
    text.focus();
    return;
  }
  const address = hashOf(what);
  const fits = address.length <= LONGEST;
  history.replaceState(null, "", fits ? address : "#");
  answer.removeAttribute("data-verdict");
  answer.removeAttribute("data-where");
  answer.replaceChildren();
  after.hidden = true;
  running = new AbortController();
  [go.disabled, stop.hidden] = [true, false];
  say("Checking");
  try {
    const { version, checker } = await engine.list();
    links ??= await fetch(new URL(`links.json?v=${version}`, engine.folder)).then((found) => found.ok ? found.json() : null, () => null);
    let record;
    const dress = await engine.check(what, (found) => {
      record = found;
      const [, word] = WORDS[record.verdict];
      showVerdict(answer, record, { text: what.text, wanted: what.wanted, title: record.title, link });
      answer.dataset.where = record.where.map(({ code }) => code).join(" ");
      answer.dataset.verdict = record.verdict;
      say(record.message === "true" ? `${word}.` : `${word}. ${summary(record, what.wanted)}`);
    }, { say, signal: running.signal });
    if (answer.getBoundingClientRect().top > innerHeight - 120) answer.scrollIntoView({ block: "center" });
    await showDress(answer, record, dress, { link });
    finished(what, record, checker, fits);
  } catch (error) {
    say(error.message || String(error));
    if (!(error.constructor.name === "Missing")) throw error;
  } finally {
    running = null;
    [go.disabled, stop.hidden] = [false, true];
    root.querySelector("progress").hidden = true;
  }
}

function finished(what, record, checker, fits) {
  const here = new URL(fits ? hashOf(what) : "#", location.href).href;
  const [copyLink, copyReply] = after.querySelectorAll("button");
  copyLink.disabled = !fits;
  copyLink.onclick = () => copied(copyLink, here);
  copyReply.onclick = () => {
    const lines = what.text.split("\n");
    const quoted = lines.length > 1 ? ["> ```text", ...lines.map((line) => `> ${line}`), "> ```"] : [`> \`${lines[0]}\``];
    const nearest = record.nearest ? [`The nearest true formula is \`${record.nearest}\`.`] : [];
    copied(copyReply, [...quoted, "", `${WORDS[record.verdict][1]}: ${summary(record, what.wanted)}`, ...nearest, ...(fits ? ["", here] : [])].join("\n"));
  };
  after.querySelector(".referee-version").textContent = `Checker ${checker}${record.setting ? `, setting ${record.setting}` : ""}.`
    + (fits ? "" : " The text is too long for an address: copy it yourself.");
  after.hidden = false;
}

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1).replace(/\+/g, "%2B"));
  if (!given.has("f")) return false;
  text.value = given.get("f");
  const name = given.get("s") ?? "";
  if (name && !(name in titles)) setting.add(new Option(`${name} (unknown)`, name)); // said by the checker, as on the command line
  setting.value = name;
  layout.value = given.get("l") ?? "";
  rows.checked = given.get("r") === "1";
  return true;
}

form.addEventListener("submit", (event) => { event.preventDefault(); check(); });
text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); check(); }
});
stop.addEventListener("click", () => running?.abort());
root.querySelectorAll(".referee-examples button").forEach((button) => button.addEventListener("click", () => {
  if (running) return;
  text.value = button.dataset.text;
  [setting.value, layout.value, rows.checked] = [button.dataset.setting ?? "", "", false];
  text.focus();
  check();
}));
addEventListener("hashchange", () => { if (fromAddress()) check(); });

root.querySelector(".referee-old").remove();
go.disabled = false;
const why = obstacle();
if (why) {
  say(why);
  go.disabled = true;
} else {
  engine.list().then(({ packed, scripts }) => {
    root.querySelectorAll(".referee-examples button").forEach((button) => { button.disabled = false; });
    const sum = Object.values(packed).reduce((a, b) => a + b, scripts);
    root.querySelector(".referee-size").textContent = `${(sum / 1e6).toFixed(1)} MB`;
  }, (error) => say(`${error.message}. The command line below does the same.`));
  if (fromAddress()) check();
}
