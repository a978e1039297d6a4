// Compiles Python modules with the Python that a reader's browser will run: Pyodide, here under node.
// Arguments: Pyodide's folder, the Python that does it (compile_inside.py), a file with its question as JSON, and where its
// answer goes, a JSON object of module paths and their bytes in base64.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, program, question, answer] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
  const python = await loadPyodide({ indexURL: folder });
  const { sources, roots } = JSON.parse(readFileSync(question, "utf8"));
  for (const [path, text] of Object.entries(sources)) {
    python.FS.mkdirTree(`/book/${path}`.replace(/\/[^/]*$/, ""));
    python.FS.writeFile(`/book/${path}`, text);
  }
  python.runPython(readFileSync(program, "utf8"));
  const compiled = python.globals.get("compiled")(python.toPy(Object.keys(sources)), python.toPy(roots));
  writeFileSync(answer, compiled);
} catch (error) {
  process.stderr.write(error.message); // without the line of the script it comes from, which is all of Pyodide
  process.exit(1);
}
