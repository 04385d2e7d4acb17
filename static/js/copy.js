// button[data-copy="id of an element"] copies the text of that element. data-copied says that it is
// done, which the button shows for a while and a live region reads out.
const live = document.getElementById("live");
const SHOWN = 2500;

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  const label = [...button.childNodes];
  let timer = null;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent.replace(/\s+/g, " ").trim());
    } catch {
      getSelection().selectAllChildren(source); // ready to be copied by hand
      return;
    }
    button.textContent = button.dataset.copied;
    if (live) live.textContent = button.dataset.copied;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.replaceChildren(...label);
    }, SHOWN);
  });
}
