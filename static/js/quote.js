// form[data-quote]: words selected in its sentences are quoted instead of whole sentences. The page
// says where in its text a sentence begins (data-start); the server finds the words near there.
const form = document.querySelector("form[data-quote]");
const list = form.querySelector("#sentences");
const chosen = form.querySelector("[data-chosen]");
const { quote, near } = form.elements;

for (const each of form.querySelectorAll("[data-scripted]")) each.hidden = false;

const sentenceOf = (node) => {
  const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  return element?.closest?.("label[data-start]") ?? null;
};

// The selection is gone by the time a finger has reached the button, so it is kept while it lasts.
const keep = () => {
  const selection = getSelection();
  if (selection.rangeCount === 0) return;
  const range = selection.getRangeAt(0);
  if (!list.contains(range.commonAncestorContainer)) return;
  const words = selection.toString().trim();
  const first = sentenceOf(range.startContainer);
  quote.value = words;
  near.value = words && first ? first.dataset.start : "";
  if (chosen) chosen.hidden = !words;
};
document.addEventListener("selectionchange", keep);
keep(); // somebody may have been faster than this script

// Who ticks a sentence means the sentence, not what was selected before.
list.addEventListener("change", () => {
  quote.value = near.value = "";
  if (chosen) chosen.hidden = true;
});
