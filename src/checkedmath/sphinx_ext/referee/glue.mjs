// Pyodide's script without what its WebAssembly module does not ask for.
// It has to be served as it is, since a page may not make a script of what it has unpacked, and most of it is for
// libraries that a page could load beside Python: OpenGL, SDL, sound. What is kept is kept unchanged.
// Arguments: the folder of acorn, the script, the module, and the folder where the script goes.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [acorn, script, wasm, target] = process.argv.slice(2);
const { parse } = await import(pathToFileURL(`${acorn}/dist/acorn.mjs`).href);
const text = readFileSync(script, "utf8");
const module = readFileSync(wasm);
const asked = new Set(WebAssembly.Module.imports(await WebAssembly.compile(module)).map(({ name }) => name));
const source = (node) => text.slice(node.start, node.end);
const program = parse(text, { ecmaVersion: "latest", sourceType: "module" });
const factory = program.body[0].body;

// Each word in a piece of the script, as a name, a property or a text: whatever it may refer to.
const words = (node) => new Set(source(node).match(/[A-Za-z_$][\w$]*/g) ?? []);
const isPure = (node) => !node || ["FunctionExpression", "ArrowFunctionExpression", "Literal", "Identifier", "ClassExpression"]
  .includes(node.type) || (node.type === "ArrayExpression" && node.elements.every(isPure))
  || (node.type === "ObjectExpression" && node.properties.every((one) => !one.computed && isPure(one.value)));

// The statements of the factory: what each declares, and what it only adds to something declared elsewhere.
function piece(node) {
  if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") return { node, names: [node.id.name], pure: true };
  if (node.type === "VariableDeclaration" && node.declarations.every((one) => one.id.type === "Identifier")) {
    const imports = node.declarations.length === 1 && node.declarations[0].id.name === "wasmImports";
    return { node, names: node.declarations.map((one) => one.id.name), imports,
      pure: node.declarations.every((one) => isPure(one.init)), list: node.declarations.length > 50 };
  }
  const set = node.type === "ExpressionStatement" && node.expression.type === "AssignmentExpression" && node.expression;
  if (set && set.left.type === "MemberExpression" && set.left.object.type === "Identifier") {
    const { object, property } = set.left;
    if (property.name === "sig" && set.right.type === "Literal") return { node, of: object.name };
    if (object.name === "Module" && set.right.type === "Identifier" && property.type === "Literal") {
      return { node, of: set.right.name, called: property.value };
    }
  }
  return { node, names: [] };
}
const pieces = factory.body.map(piece);

const isImport = (one) => asked.has(one.key.name ?? one.key.value);
const table = pieces.find((one) => one.imports).node.declarations[0].init;
const imported = table.properties.filter(isImport);
// It asks for all of OpenGL too, for such libraries, and never calls it.
const isDrawing = (one) => /^(emscripten_)?(web)?gl[A-Z]/.test(one.key.name ?? one.key.value);
const signature = (name) => text.match(new RegExp(`(?<![\\w$])${name}\\.sig="(\\w+)"`))?.[1] ?? "v";
const entry = (one) => isDrawing(one) ? `${source(one.key)}:absent("${signature(one.value.name)}")` : source(one);
const absent = 'var absent=sig=>Object.assign(()=>{throw new Error("left out of this build")},{sig});';
const setter = pieces.find((one) => one.names?.[0] === "assignWasmExports");
const exported = [...source(setter.node).matchAll(/(?<![\w$.])(_[\w$]+)=Module\["\1"\]=wasmExports\["([\w$]+)"\](\.value>>>0)?;?/g)]
  .filter(([, variable, name]) => variable === `_${name}`);
const dropped = new Set(exported.map(([, variable]) => variable));

// From what runs when the script starts, to all that it may refer to.
const kept = new Set();
const needed = [];
const need = (found) => found.forEach((word) => { if (!kept.has(word)) { kept.add(word); needed.push(word); } });
const declared = new Map();
for (const one of pieces) for (const name of one.names ?? []) declared.set(name, [...(declared.get(name) ?? []), one]);
const done = new Set();
const keep = (one) => {
  if (done.has(one)) return;
  done.add(one);
  if (one === setter || one.list) return; // lines of names, each kept if another asks for it
  if (one.imports) imported.filter((entry) => !isDrawing(entry)).forEach((entry) => need(words(entry)));
  else need(words(one.node));
};
const wasm_names = ["assignWasmExports", "applySignatureConversions"];
// What only joins the screen or the sound of such libraries to the start is no start.
const isScreen = (one) => /^(registerPostMainLoop|registerPreMainLoop)\(|=(MainLoop|Browser)\./.test(source(one.node));
pieces.filter((one) => one.names && !one.pure && !isScreen(one)).forEach(keep);
need(wasm_names);
while (needed.length) for (const one of declared.get(needed.pop()) ?? []) keep(one);

const loop = 'for(var name in wasmExports){var one=wasmExports[name];Module["_"+name]=typeof one=="function"?one:one.value>>>0}';
function shorter(one) {
  if (one.imports) return `${absent}var wasmImports={${imported.map(entry).join(",")}};`;
  if (one.list) return `var ${one.names.filter((name) => kept.has(name) || !dropped.has(name)).join(",")};`;
  if (one !== setter) return source(one.node);
  let body = source(one.node);
  for (const [line, variable, name, value] of exported) {
    body = body.replace(line, kept.has(variable) ? `${variable}=wasmExports["${name}"]${value ?? ""};` : "");
  }
  return body.replace("{", `{${loop}`);
}
const written = pieces.filter((one) => one.of ? kept.has(one.of) && (!one.called || kept.has(one.of)) : done.has(one));
writeFileSync(`${target}/${basename(script)}`, text.slice(0, factory.start + 1) + written.map(shorter).join("\n") + "\n" + text.slice(factory.end - 1));
