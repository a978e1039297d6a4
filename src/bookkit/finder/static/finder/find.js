/* Finds entries of the index (index.js) by what a reader types, with MiniSearch. Needs no page: the tests run it too. */
globalThis.Finder = (() => {
  "use strict";
  const { kinds, pages, entries, stemmer, synonyms } = globalThis.FinderIndex;
  const stopwords = new Set(globalThis.FinderIndex.stopwords);
  const signs = globalThis.FinderIndex.signs.map(([pattern, words]) => [new RegExp(pattern, "gu"), words]);

  const WEIGHTS = [1.7, 1.35, 1, 0.8]; // by rank: what comes first, what comes second, sections, pages
  const SIGN_FOR_SIGN = 1.6; // for an entry that holds a formula as it was typed
  const SYNONYM = 0.7; // a synonym counts less than the word itself
  const STOPWORD = 0.3; // "what" and "why" tell questions apart, but little
  const LEAST = 0.15; // of the best entry's score: what matches less is no result
  const TOKEN = /\p{L}+(?:'\p{L}+)+|[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu;
  const WORD = /^[\p{L}\p{N}]/u;
  const LONG = /^\p{L}{4,}$/u; // long enough for a slip of the keyboard
  const LETTERS = /^\p{L}{1,3}$/u;
  const NUMBERED = /^(\p{L}{1,3})\d$/u;
  const JOINS = /^[-+*/^=]$/;

  /** The text as it is compared: signs as words, one kind of dash and apostrophe, no accents, no capitals. */
  function plain(text) {
    for (const [pattern, words] of signs) text = text.replace(pattern, words);
    return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
      .replace(/[‐‑−–—]/g, "-").replace(/[′’‘]/g, "'").replace(/(?<=\p{L}\p{L})-(?=\p{L}\p{L})/gu, " ");
  }

  const stemmed = new Map();
  function stem(word) {
    if (!stemmed.has(word)) stemmed.set(word, /^[a-z]{3,}$/.test(word) ? stemmer.stemWord(word) : word);
    return stemmed.get(word);
  }

  const tokens = (text) => (plain(text).match(TOKEN) ?? []).map((token) => token.replace(/'s$/, ""));

  // Synonyms: by the stem of a member's first word, the stems of the whole member and the name of its group.
  const members = new Map();
  const vocabulary = new Set();
  const taught = new MiniSearch({ fields: ["word"], tokenize: (word) => [word], processTerm: (term) => term });
  synonyms.forEach((group, number) => {
    for (const member of group) {
      const words = tokens(member);
      const stems = words.map(stem);
      members.set(stems[0], [...(members.get(stems[0]) ?? []), { stems, name: `~${number}` }]);
      words.filter((word) => LONG.test(word)).forEach((word) => vocabulary.add(word));
    }
  });
  taught.addAll([...vocabulary].map((word) => ({ id: word, word })));

  /** What a text is known by, each with the words it stands for, from and to: stems, letters with any number ("w#"
      for "w2"), what an operator joins ("1/m"), and the groups of synonyms. */
  function terms(words) {
    const stems = words.map(stem);
    const found = [];
    words.forEach((word, i) => {
      if (WORD.test(word)) {
        found.push({ term: stems[i], from: i, to: i + 1 });
        const numbered = NUMBERED.exec(word);
        if (numbered) found.push({ term: `${numbered[1]}#`, from: i, to: i + 1 });
        if (JOINS.test(words[i + 1]) && words[i + 2] && WORD.test(words[i + 2])) {
          found.push({ term: words.slice(i, i + 3).join(""), from: i, to: i + 3 });
        }
      }
      const here = (members.get(stems[i]) ?? []).filter((m) => m.stems.every((s, k) => s === stems[i + k]));
      found.push(...here.map((m) => ({ term: m.name, from: i, to: i + m.stems.length })));
    });
    return found;
  }

  const known = new Set();
  const index = new MiniSearch({
    fields: ["title", "text"],
    tokenize: (text) => terms(tokens(text)).map(({ term }) => term),
    processTerm: (term) => known.add(term) && term,
  });
  index.addAll(entries.map(([, , , , title, text], id) => ({ id, title, text })));

  /** A word that neither the book nor the table has: the nearest of the table, if the book has none that begins so. */
  function mended(word) {
    if (!LONG.test(word) || vocabulary.has(word) || known.has(stem(word))) return word;
    return taught.search(word, { prefix: true, fuzzy: 0.25 })[0]?.id ?? word;
  }

  const squeezed = (text) => plain(text).replace(/\s/g, "");
  let written; // every entry so, made when the first formula is typed
  function holding(formula) {
    written ??= entries.map(([, , , , title, text]) => squeezed(`${title}\n${text}`));
    return new Set([...entries.keys()].filter((id) => written[id].includes(formula)));
  }

  /** Entries, best first: [{title, url, where, line}]. */
  function find(query) {
    const words = tokens(query).map(mended);
    const asked = terms(words);
    words.forEach((word, i) => LETTERS.test(word) && asked.push({ term: `${word}#`, from: i, to: i + 1 }));
    const heavy = [...words.keys()].filter((i) => WORD.test(words[i]) && !stopwords.has(words[i]));
    const weight = new Map();
    for (const { term, from, to } of asked) {
      const count = heavy.filter((i) => from <= i && i < to).length; // a phrase weighs as much as its words
      const here = /^~|#$/.test(term) ? SYNONYM * Math.max(count, 1) : stopwords.has(term) ? STOPWORD : 1;
      weight.set(term, Math.max(here, weight.get(term) ?? 0));
    }
    const formula = /[\d=+*/^[\]-]/.test(query) ? squeezed(query) : "";
    const signForSign = formula.length > 2 ? holding(formula) : new Set();

    const scored = index.search(query, {
      tokenize: () => [...new Set(asked.map(({ term }) => term))],
      processTerm: (term) => term,
      boost: { title: 3 },
      boostTerm: (term) => weight.get(term),
      prefix: (term) => /^\p{L}{3,}$/u.test(term),
      fuzzy: (term) => (LONG.test(term) && !known.has(term) ? 0.25 : false),
      filter: ({ queryTerms }) => !heavy.length || queryTerms.some((term) => !stopwords.has(term)),
      boostDocument: (id) => WEIGHTS[entries[id][0]] * (signForSign.has(id) ? SIGN_FOR_SIGN : 1),
      // MiniSearch multiplies by the number of terms; here a word and its synonyms are one.
    }).map(({ id, score, queryTerms }) => ({ id, score: score / queryTerms.length }));
    scored.sort((a, b) => b.score - a.score || a.id - b.id);
    return scored.filter(({ score }) => score >= LEAST * scored[0].score).map(({ id }) => shown(entries[id]));
  }

  function shown([rank, kind, page, anchor, title, text]) {
    const [address, name] = pages[page];
    const where = [kinds[kind], rank === 0 ? "" : name].filter(Boolean).join(" · "); // what comes first names its page
    return { title, url: anchor ? `${address}#${anchor}` : address, where, line: shortened(text) };
  }

  function shortened(text, length = 78) {
    const line = text.split("\n", 1)[0];
    return line.length <= length ? line : `${line.slice(0, length).replace(/\s+\S*$/, "")} …`;
  }

  return { find };
})();
