// Builds what browsers load into static/dist: one style sheet, our script, and htmx.
// Run by `npm run build` after `npm ci`; nothing it writes is committed.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { transform } from "lightningcss";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const major = (version, minor = 0) => (version << 16) | (minor << 8);

// The oldest browsers in which pages look as drawn. Older ones get usable pages.
const targets = { chrome: major(111), safari: major(16, 4), firefox: major(121) };

// Most bytes a browser may have to load, gzipped.
const budget = { css: 15 * 1024, js: 17 * 1024 };

const library = [
  "base",
  "skip-link",
  "button",
  "link",
  "input",
  "label",
  "field",
  "fieldset",
  "validation-message",
  "error-summary",
  "tag",
].map((name) => read(`../node_modules/@digdir/designsystemet-css/dist/src/${name}.css`));

// Later files win over earlier ones of the same weight.
const app = [
  "shell",
  "page",
  "fields",
  "buttons",
  "details",
  "code",
  "steps",
  "rail",
  "check",
  "connect",
  "conflict",
  "people",
  "picker",
  "list",
  "table",
  "pipeline",
  "outcome",
  "settings",
  "utilities",
  "media",
].map((name) => read(`css/app/${name}.css`));

const layer = (name, parts) => `@layer ${name} {\n${parts.join("\n")}\n}\n`;

// Layers decide, not the weight of selectors: our resets lose to the library, our rules win.
const sheet = [
  "@layer base, ds, app;\n",
  layer("base", [read("css/tokens.css"), read("css/base.css")]),
  layer("ds.theme", [read("css/theme.css")]),
  layer("ds", library),
  layer("app", [read("css/skin.css"), ...app]),
].join("");

const css = transform({
  filename: "app.css",
  code: Buffer.from(sheet),
  minify: true,
  targets,
}).code;

// Comments and indentation go, line ends stay: a parser is not worth saving a few bytes.
const shorten = (source) =>
  source
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("//"))
    .join("\n");

const built = {
  "app.css": css,
  "app.js": Buffer.from(shorten(read("app.js"))),
  "htmx.min.js": Buffer.from(read("../node_modules/htmx.org/dist/htmx.min.js")),
};

// Pictures of the help, made from the running program by `make screenshots`.
const screenshots = new URL("../docs/screenshots/", import.meta.url);
const pictures = readdirSync(screenshots).filter((name) => name.startsWith("help-"));

const weight = { css: 0, js: 0 };
mkdirSync(new URL("dist/", import.meta.url), { recursive: true });
for (const [name, bytes] of Object.entries(built)) {
  writeFileSync(new URL(`dist/${name}`, import.meta.url), bytes);
  const zipped = gzipSync(bytes, { level: 9 }).length;
  weight[name.split(".").pop()] += zipped;
  console.log(`${name}: ${bytes.length} bytes, ${zipped} gzipped`);
}

for (const name of pictures) {
  copyFileSync(new URL(name, screenshots), new URL(`dist/${name}`, import.meta.url));
}

for (const [kind, most] of Object.entries(budget)) {
  if (weight[kind] > most) {
    console.error(`${kind}: ${weight[kind]} bytes gzipped, more than ${most}`);
    process.exitCode = 1;
  }
}
