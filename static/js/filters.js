// form[data-filters] (method=get, data-target="id of the results"): results follow the form, the
// address bar follows the results. Without script the form's own button does the same.
// The results' data-announce says the count, which a live region reads out.
// data-also="ids" names parts of the form that are told anew with the results: what lies open there
// stays open, and who was in one of its fields stays there.
const live = document.getElementById("live");

function address(form) {
  const url = new URL(form.action || location.href);
  url.search = "";
  url.hash = "";
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") url.searchParams.append(name, value);
  }
  return url;
}

/** Set the form's fields from an address, after the back button. */
function follow(form, url) {
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden") continue;
    const list = url.searchParams.getAll(control.name);
    if (control.matches("[type=checkbox], [type=radio]")) {
      control.checked = list.includes(control.value);
    } else if (control.matches("select[multiple]")) {
      for (const option of control.options) option.selected = list.includes(option.value);
    } else if (control.matches("select")) {
      control.value = list[0] ?? "";
      if (control.selectedIndex < 0) control.selectedIndex = 0;
    } else if (control.matches("input, textarea")) {
      control.value = list[0] ?? "";
    }
  }
}

function renew(ids, fresh) {
  for (const id of ids) {
    const old = document.getElementById(id);
    const told = fresh.getElementById(id);
    if (!old || !told) continue;
    for (const box of told.querySelectorAll("details[id]")) {
      const before = document.getElementById(box.id);
      if (before) box.open = before.open;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(told);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

/** Keep another box for the same words, the one in the header, in step with the form. */
function echo(form) {
  for (const other of document.querySelectorAll("form[role=search]")) {
    if (other.action === form.action) other.elements.q.value = form.elements.q.value;
  }
}

function watch(form) {
  const also = form.dataset.also?.split(" ") ?? [];
  const id = form.dataset.target;
  const place = (url) => url.pathname + url.search;
  let running = null;
  let timer = null;
  let shown = place(new URL(location.href));

  async function show(url, history_) {
    running?.abort();
    shown = place(url);
    const mine = (running = new AbortController());
    const results = document.getElementById(id);
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = fresh.getElementById(id);
      if (!found) throw new Error("no results on that page");
      results.replaceWith(found);
      renew(also, fresh);
      echo(form);
      document.title = fresh.title;
      if (history_) history[history_]({ filters: id }, "", url);
      if (live) live.textContent = found.dataset.announce || "";
    } catch (error) {
      if (error.name === "AbortError") return;
      location.assign(url);
    }
  }

  const apply = (how) => {
    clearTimeout(timer);
    const url = address(form);
    if (place(url) !== shown) show(url, how);
  };
  form.addEventListener("change", () => apply("pushState"));
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[type=search], [type=text]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => apply("replaceState"), 350);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply("pushState");
  });
  addEventListener("popstate", () => {
    const url = new URL(location.href);
    if (place(url) === shown) return; // only the fragment changed
    follow(form, url);
    show(url, null);
  });
}

document.querySelectorAll("form[data-filters]").forEach(watch);

// On a wide page the filters lie open; on a narrow one they wait behind their summary.
if (matchMedia("(width >= 54rem)").matches) {
  for (const box of document.querySelectorAll("details[data-open-wide]")) box.open = true;
}
