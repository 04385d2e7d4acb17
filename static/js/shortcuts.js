// "/" goes to the search field. A reader who uses speech input can switch it off
// (an input[type=checkbox][data-shortcuts] on the accessibility page), as WCAG 2.1.4 asks.
const SETTING = "policytrack:shortcuts";

const stored = () => {
  try {
    return localStorage.getItem(SETTING);
  } catch {
    return null;
  }
};

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector(".account details[open]");
    if (open) {
      open.open = false;
      if (open.contains(document.activeElement)) open.querySelector("summary").focus();
    }
    return;
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || stored() === "off") return;
  const search = document.querySelector("[role=search] input[type=search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

document.addEventListener("click", (event) => {
  const open = document.querySelector(".account details[open]");
  if (open && !open.contains(event.target)) open.open = false;
});

for (const box of document.querySelectorAll("input[type=checkbox][data-shortcuts]")) {
  box.checked = stored() !== "off";
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SETTING, box.checked ? "on" : "off");
    } catch {
      // Without storage the choice cannot be kept; the key stays on.
    }
  });
}
