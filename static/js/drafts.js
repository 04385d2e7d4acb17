// Keeps what is typed into form[data-draft-key] on this device until the server has it.
//
// A record is kept per user and key, with the version the form started from (data-draft-version).
// It is offered again when the page comes back without what was typed. After a submit the record is
// marked as sent and goes once another page arrives, which means that the server took it; an error
// page keeps it (html[data-drafts=keep]). Hidden, file and password fields are never kept.
const PREFIX = "policytrack:draft:";
const page = document.documentElement;
const user = page.dataset.user || "";
const keep = page.dataset.drafts === "keep";
const forms = [...document.querySelectorAll("form[data-draft-key]")];

const storageKey = (form) => `${PREFIX}${user}:${form.dataset.draftKey}`;

function storedKeys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function wipe() {
  for (const key of storedKeys(PREFIX)) localStorage.removeItem(key);
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function controls(form) {
  return [...form.elements].filter(
    (control) =>
      control.name &&
      control.matches("input, select, textarea") &&
      !control.matches("[type=hidden], [type=file], [type=password], [type=submit], [data-no-draft]"),
  );
}

/** The values of a form's fields by name, as lists of strings. */
function values(form) {
  const found = {};
  for (const control of controls(form)) {
    const list = (found[control.name] ??= []);
    if (control.matches("[type=checkbox], [type=radio]")) {
      if (control.checked) list.push(control.value);
    } else if (control.matches("select[multiple]")) {
      list.push(...[...control.selectedOptions].map((option) => option.value));
    } else {
      list.push(control.value);
    }
  }
  return found;
}

function fill(form, fields) {
  const left = Object.fromEntries(Object.entries(fields).map(([name, list]) => [name, [...list]]));
  for (const control of controls(form)) {
    const list = left[control.name];
    if (!list) continue;
    if (control.matches("[type=checkbox], [type=radio]")) {
      control.checked = list.includes(control.value);
    } else if (control.matches("select[multiple]")) {
      for (const option of control.options) option.selected = list.includes(option.value);
    } else if (list.length) {
      control.value = list.shift();
    }
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const clock = (time) =>
  new Intl.DateTimeFormat(page.lang, { dateStyle: "medium", timeStyle: "short" }).format(time);

/** Says in the form's own words (data attributes) whether the draft is safe. */
function tell(form, state, time) {
  form.dataset.draftState = state;
  const line = form.querySelector("[data-draft-status]");
  if (!line) return;
  line.classList.toggle("failed", state === "failed");
  line.textContent = (line.dataset[state] || "").replace("{time}", time ? clock(time) : "");
  if (state === "failed") line.setAttribute("role", "alert");
}

function store(form, sent) {
  const saved = Date.now();
  const record = { version: form.dataset.draftVersion || "", saved, sent, fields: values(form) };
  try {
    localStorage.setItem(storageKey(form), JSON.stringify(record));
    tell(form, "saved", saved);
  } catch {
    tell(form, "failed");
  }
}

function offer(form, record) {
  const template = document.getElementById("draft-offer");
  if (!template) return;
  const box = template.content.firstElementChild.cloneNode(true);
  const time = box.querySelector("time");
  time.textContent = clock(record.saved);
  time.dateTime = new Date(record.saved).toISOString();
  box.querySelector("[data-older]").hidden = record.version === (form.dataset.draftVersion || "");
  box.querySelector("[data-restore]").addEventListener("click", () => {
    fill(form, record.fields);
    store(form, false);
    box.remove();
    controls(form)[0]?.focus();
  });
  box.querySelector("[data-discard]").addEventListener("click", () => {
    localStorage.removeItem(storageKey(form));
    box.remove();
    controls(form)[0]?.focus();
  });
  form.prepend(box);
}

function watch(form) {
  const record = read(storageKey(form));
  const moved = record && record.version !== (form.dataset.draftVersion || "");
  if (record && ((record.sent && moved && !keep) || same(record.fields, values(form)))) {
    localStorage.removeItem(storageKey(form));
  } else if (record) {
    offer(form, record);
  }

  let timer = null;
  let dirty = false;
  const save = () => {
    clearTimeout(timer);
    if (dirty) store(form, false);
    dirty = false;
  };
  form.addEventListener("input", (event) => {
    if (!controls(form).includes(event.target)) return;
    dirty = true;
    form.dataset.draftState = "dirty";
    clearTimeout(timer);
    timer = setTimeout(save, 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    dirty = false;
    store(form, true);
    form.dataset.draftState = "sent";
  });
  addEventListener("pagehide", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  form.addEventListener("draft:flush", save); // leave.js asks before it warns
}

if (!user) {
  if (!keep) wipe();
} else {
  const present = new Set(forms.map(storageKey));
  for (const key of storedKeys(`${PREFIX}${user}:`)) {
    if (!keep && !present.has(key) && read(key)?.sent) localStorage.removeItem(key);
  }
  forms.forEach(watch);
}

for (const form of document.querySelectorAll("form[data-sign-out]")) {
  form.addEventListener("submit", wipe);
}
