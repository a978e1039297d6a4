/* Ranks search results: a formula that holds what was typed, sign for sign, comes first, and before
   all others one that begins with it.  Sphinx puts this text into language_data.js; the numbers are
   Sphinx's own. */
var Scorer = {
  score: ([, title, , descr, score, , kind]) => {
    if (kind !== "object" || !descr || !descr.startsWith("formula")) return score;
    const plain = (text) => text.toLowerCase().replace(/\s/g, "").replace(/[′’]/g, "'");
    const typed = plain(new URLSearchParams(window.location.search).get("q") || "");
    const decoder = document.createElement("textarea");
    decoder.innerHTML = title; // Sphinx's index holds names with their special characters escaped
    const name = plain(decoder.value);
    if (!typed || !name.includes(typed)) return score;
    return score + (name.startsWith(typed) ? 60 : 40);
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
