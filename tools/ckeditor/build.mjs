/* Makes congtruong/static/vendor/ckeditor5 from the packages that package-lock.json fixes. */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../../congtruong/static/vendor/ckeditor5"));
const modules = join(here, "node_modules");
const banner = "/* CKEditor 5 of CKSource Holding sp. z o.o., GPL 2 or later, see LICENSE.md; built by tools/ckeditor */";

const icons = {
  name: "icons",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^@ckeditor\/ckeditor5-icons$/ }, ({ importer }) =>
      importer === join(here, "icons.js") ? undefined : { path: join(here, "icons.js") },
    ),
};

const made = await build({
  entryPoints: [join(here, "entry.js")],
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2020",
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  write: false,
  plugins: [icons],
});
const script = made.outputFiles[0].text;
const [output] = Object.values(made.metafile.outputs);
const parts = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
const packages = [...new Set(parts.flatMap(([path]) => path.match(/node_modules\/(@ckeditor\/[^/]+)\//)?.[1] ?? []))];

/* Translations: only of sentences that are in the script, and every one of them. */
const dictionary = async (language) =>
  (await import(join(modules, "ckeditor5/dist/translations", `${language}.js`))).default[language];
const [english, vietnamese] = [await dictionary("en"), await dictionary("vi")];
const own = JSON.parse(await readFile(join(here, "vi.json"), "utf8"));
const quoted = (text) => [JSON.stringify(text), `'${text}'`, `\`${text}\``].some((form) => script.includes(form));
const used = Object.keys(english.dictionary).filter((key) => quoted(key));
const words = {};
const missing = [];
for (const key of [...used].sort()) {
  const word = own[key] ?? vietnamese.dictionary[key];
  if (!word || (word === english.dictionary[key] && own[key] === undefined)) missing.push(key);
  else words[key] = (Array.isArray(word) ? word.slice(0, 1) : [word]).map((text) => text.normalize("NFC"))[0];
}
const unused = Object.keys(own).filter((key) => !used.includes(key));
if (missing.length || unused.length) {
  console.error(`vi.json lacks: ${JSON.stringify(missing, null, 1)}\nvi.json has in vain: ${JSON.stringify(unused)}`);
  process.exitCode = 1;
}
const translations =
  `${banner}\nexport default {vi:{dictionary:${JSON.stringify(words, null, 1)},getPluralForm:()=>0}};\n`;

/* Style sheets of the packages that are in the script. */
const sheets = (
  await Promise.all(
    packages.map(async (name) => {
      try {
        return await readFile(join(modules, name, "dist/index.css"), "utf8");
      } catch {
        return "";
      }
    }),
  )
).join("\n");
const styles = await build({
  stdin: { contents: sheets, loader: "css" },
  minify: true,
  target: ["chrome80", "safari14", "firefox78"],
  legalComments: "none",
  write: false,
});

const core = JSON.parse(await readFile(join(modules, "ckeditor5/package.json"), "utf8"));
await mkdir(target, { recursive: true });
await writeFile(join(target, "ckeditor.js"), `${banner}\n${script}`);
await writeFile(join(target, "ckeditor.css"), `${banner}\n${styles.outputFiles[0].text}`);
await writeFile(join(target, "vi.js"), translations);
await writeFile(join(target, "VERSION"), `ckeditor5 ${core.version}\n`);
for (const file of ["LICENSE.md", "COPYING.GPL"]) {
  await copyFile(join(modules, "ckeditor5", file), join(target, file));
}
console.log(`${used.length} sentences, ${packages.length} packages, version ${core.version}`);
