// Makes static/vendor: the third-party files that pages use, and nothing else of those packages.
//
//   htmx.min.js       as published
//   tabler.css        the parts of Tabler that KEPT names, in the cascade layer "tabler"
//   inter-*.woff2     the typeface, Latin and extended Latin
//   dejavu-*.ttf      the typeface of PDF files that the program writes: PDF takes no woff2
//   icons.tsv         the icons that scripts/icons.txt names: name, tab, outline
//   passwords.txt     passwords that many people use, sorted: those that are long enough to be chosen
//   licences.txt      the licence of each package, served with the rest
//
// Run by `npm run build` after `npm ci`. Needs no network. Fails loudly: a missing file, an unknown icon
// or a stylesheet that outgrew its limit ends the run with status 1.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import postcss from "postcss";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const out = join(root, "static", "vendor");

/** Classes of Tabler that the pages use; rules about any other class are left out. */
const KEPT = new Set(["btn", "table", "form-control", "form-select", "form-check-input", "visually-hidden"]);
/** All stylesheets together, compressed. */
const CSS_LIMIT = 45 * 1024;
/** Stylesheets and scripts together, compressed. */
const PAGE_LIMIT = 150 * 1024;

/** The packages of which something is built in. */
const PACKAGES = [
  "htmx.org",
  "@tabler/core",
  "@tabler/icons",
  "@fontsource-variable/inter",
  "@zxcvbn-ts/language-common",
  "dejavu-fonts-ttf",
];

function read(...parts) {
  return readFileSync(join(...parts), "utf8");
}

function fail(message) {
  console.error(`front-end: ${message}`);
  process.exit(1);
}

/** True if every class of the selector is kept, and it speaks of no theme, direction or plug-in of Tabler's. */
function isKept(selector) {
  const classes = [...selector.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map((match) => match[1]);
  return classes.every((name) => KEPT.has(name)) && !/\[(data-|dir)|:host/.test(selector);
}

/** Tabler reduced to the kept rules and to the custom properties which those rules read. */
function reducedTabler(css) {
  const sheet = postcss.parse(css);
  sheet.walkComments((comment) => comment.remove());
  sheet.walkAtRules((rule) => {
    if (["charset", "font-face", "keyframes", "property", "view-transition"].includes(rule.name)) rule.remove();
  });
  sheet.walkRules((rule) => {
    const selectors = rule.selectors.filter(isKept);
    if (selectors.length === 0) rule.remove();
    else rule.selectors = selectors;
  });
  // Removing one property can make another one unread, hence the loop.
  let removed;
  do {
    removed = 0;
    const readNames = new Set([...sheet.toString().matchAll(/var\(\s*(--[\w-]+)/g)].map((match) => match[1]));
    sheet.walkDecls(/^--/, (declaration) => {
      if (readNames.has(declaration.prop)) return;
      declaration.remove();
      removed += 1;
    });
  } while (removed > 0);
  sheet.walkRules((rule) => {
    if (rule.nodes.length === 0) rule.remove();
  });
  sheet.walkAtRules((rule) => {
    if (rule.nodes && rule.nodes.length === 0) rule.remove();
  });
  return `/* Parts of Tabler 1.6, MIT; see licences.txt */\n@layer tabler {${sheet.toString()}}\n`;
}

/** One icon as the data of a single path. The icons start each outline with a capital M, so they can be joined. */
function iconPath(name) {
  let svg;
  try {
    svg = read(modules, "@tabler/icons/icons/outline", `${name}.svg`);
  } catch {
    fail(`scripts/icons.txt names "${name}", which @tabler/icons does not have`);
  }
  const outlines = [...svg.matchAll(/<path d="([^"]+)"/g)].map((match) => match[1]);
  if (outlines.length === 0 || outlines.some((d) => !d.startsWith("M"))) fail(`the icon "${name}" cannot be joined`);
  return outlines.join("");
}

function iconTable() {
  const names = read(root, "scripts/icons.txt")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith("#"));
  const sorted = [...new Set(names)].sort();
  return sorted.map((name) => `${name}\t${iconPath(name)}\n`).join("");
}

/** The common passwords of at least 8 characters, in lower case, in the order of their bytes, one a line. */
function commonPasswords() {
  const all = JSON.parse(read(modules, "@zxcvbn-ts/language-common/src/passwords.json"));
  const long = new Set(all.map((word) => String(word).toLowerCase()).filter((word) => [...word].length >= 8));
  if (long.size < 10_000) fail(`only ${long.size} common passwords were found`);
  if ([...long].some((word) => /[^\x20-\x7e]/.test(word))) fail("a common password has a character outside of ASCII");
  return `${[...long].sort().join("\n")}\n`;
}

/** What the licences ask to go with the files. Tabler's package has its notice at the head of its stylesheet only. */
function licences() {
  const parts = PACKAGES.map((name) => {
    const about = JSON.parse(read(modules, name, "package.json"));
    let text;
    if (name === "@tabler/core") {
      const head = read(modules, name, "dist/css/tabler.css").match(/\/\*![^]*?\*\//)[0];
      const notice = head.split("\n").filter((line) => line.includes("Copyright")).map((line) => line.replace(/^[\s*]+/, ""));
      text = read(modules, "@tabler/icons", "LICENSE").replace(/^Copyright.*$/m, notice.join("\n"));
    } else {
      text = read(modules, name, name.startsWith("@zxcvbn") ? "LICENSE.txt" : "LICENSE");
    }
    return `${name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
  });
  return parts.join(`\n${"-".repeat(72)}\n\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const files = {
  "htmx.min.js": read(modules, "htmx.org/dist/htmx.min.js").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"),
  "tabler.css": reducedTabler(read(modules, "@tabler/core/dist/css/tabler.min.css")),
  "icons.tsv": iconTable(),
  "passwords.txt": commonPasswords(),
  "licences.txt": licences(),
};
for (const subset of ["latin", "latin-ext"]) {
  files[`inter-${subset}.woff2`] = readFileSync(
    join(modules, "@fontsource-variable/inter/files", `inter-${subset}-wght-normal.woff2`),
  );
}
for (const [name, file] of [["dejavu-sans", "DejaVuSans"], ["dejavu-sans-bold", "DejaVuSans-Bold"]]) {
  files[`${name}.ttf`] = readFileSync(join(modules, "dejavu-fonts-ttf/ttf", `${file}.ttf`));
}
for (const [name, content] of Object.entries(files)) writeFileSync(join(out, name), content);

const compressed = (text) => gzipSync(text, { level: 9 }).length;
const css = compressed(files["tabler.css"]) + compressed(read(root, "static/css/app.css"));
const script = compressed(files["htmx.min.js"]) + compressed(read(root, "static/js/app.js"));
if (css > CSS_LIMIT) fail(`the stylesheets take ${css} bytes compressed, more than ${CSS_LIMIT}`);
if (css + script > PAGE_LIMIT) fail(`styles and scripts take ${css + script} bytes compressed, more than ${PAGE_LIMIT}`);
console.log(`static/vendor is ready: ${css} bytes of styles and ${script} bytes of script, compressed`);
