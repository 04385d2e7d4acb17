// Makes the form of a document shorter: parts that are for some kinds of documents show for those, and
// what a file says of itself goes into its field without a round to the server.
const kind = document.getElementById("type");
const parts = [...document.querySelectorAll("[data-for-types]")];

/** Whether anything in a part was said, so that nothing that was typed is ever hidden. */
function isFilled(part) {
  return [...part.querySelectorAll("input, select, textarea")].some((control) =>
    control.matches("[type=checkbox], [type=radio]") ? control.checked : control.value.trim(),
  );
}

function suit() {
  for (const part of parts) {
    const fits = part.dataset.forTypes.split(" ").includes(kind.value);
    part.hidden = !fits && !isFilled(part) && !part.querySelector("[aria-invalid]");
    if (fits) part.open = true;
  }
}

if (kind) {
  kind.addEventListener("input", suit);
  suit();
}

for (const button of document.querySelectorAll("button[data-offer]")) {
  button.addEventListener("click", (event) => {
    const field = document.getElementById(button.dataset.for);
    if (!field) return;
    event.preventDefault();
    field.value = button.dataset.offer;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    button.closest(".offer").remove();
    field.focus();
  });
}
