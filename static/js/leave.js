// Warns before a page is left only if something typed could not be kept (see drafts.js).
addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("form[data-draft-key]")) {
    form.dispatchEvent(new Event("draft:flush"));
    if (["failed", "dirty"].includes(form.dataset.draftState)) event.preventDefault();
  }
});
