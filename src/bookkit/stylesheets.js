// Stylesheets into one, minified: reads from standard input {"folder", "sources", "at", "unused"}, writes CSS.
// `sources` lie in `folder`, `at` is where in it the result will lie, `unused` are names that it needs no rules for.
//
// Argument: the folder of the npm package lightningcss.
"use strict";

const { readFileSync } = require("node:fs");
const path = require("node:path");
const { bundleAsync } = require(process.argv[2]);

const { folder, sources, at, unused } = JSON.parse(readFileSync(0, "utf8"));
const entry = path.join(folder, "entry.css"); // is no file: its text is the list
const list = sources.map((name) => `@import "./${name}";`).join("\n");
const isElsewhere = (url) => /^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(url);

bundleAsync({
  filename: entry,
  minify: true,
  analyzeDependencies: true,
  unusedSymbols: unused,
  resolver: {
    read: (file) => (file === entry ? list : readFileSync(file, "utf8")),
    resolve: (name, from) => path.resolve(path.dirname(from), name),
  },
}).then(({ code, dependencies }) => {
  // An address is relative to the file it stands in, and now stands in another.
  const moved = new Map(dependencies.map(({ placeholder, url, loc }) => {
    const target = path.resolve(path.dirname(loc.filePath), url);
    const here = path.relative(path.dirname(path.join(folder, at)), target).split(path.sep).join("/");
    return [placeholder, JSON.stringify(isElsewhere(url) ? url : here)];
  }));
  const place = /url\("?([\w-]+)"?\)/g;
  process.stdout.write(code.toString().replace(place, (whole, name) => (moved.has(name) ? `url(${moved.get(name)})` : whole)));
}).catch((error) => {
  process.stderr.write(`${error.fileName ?? ""} ${JSON.stringify(error.loc ?? "")} ${error.message}\n`);
  process.exitCode = 1;
});
