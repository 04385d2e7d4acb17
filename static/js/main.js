// Loads the improvements a page can use. Each is optional: every page works without any of them.
// Their fingerprinted addresses stand in the data attributes of this script's own element.
const addresses = document.getElementById("script").dataset;
const has = (selector) => document.querySelector(selector) !== null;

const wanted = {
  shortcuts: true,
  drafts: true, // also wipes what is left after a sign-out
  filters: has("form[data-filters]"),
  totals: has("fieldset[data-reading]"),
  leave: has("form[data-draft-key]"),
  uploads: has("[data-upload-zone]"),
  describe: has("[data-for-types]"),
  copy: has("button[data-copy]"),
  quote: has("form[data-quote]"),
  similar: has("[data-alike]"),
};

for (const [name, needed] of Object.entries(wanted)) {
  if (needed && addresses[name]) {
    import(addresses[name]).catch((error) => console.warn(`${name} did not load`, error));
  }
}

// Fetched when somebody first comes to a search box, which every page has.
document.addEventListener("focusin", (event) => {
  if (!event.target.matches("input[data-suggest]:not([role])") || !addresses.suggest) return;
  import(addresses.suggest)
    .then((module) => module.attend(event.target))
    .catch((error) => console.warn("suggest did not load", error));
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

document.querySelector(".error-summary")?.focus();
