// input[data-suggest="address"] offers what may be meant by what is typed: a combobox with a list
// (WAI-ARIA 1.2). data-suggest-label names the list. The box works as before without it, while an
// answer is on its way, and when none comes.
const WAIT = 150;
const PATIENCE = 3000;
const KEPT = 50;
const live = document.getElementById("live");
let made = 0;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.answers = new Map();
    this.options = [];
    this.active = -1;
    this.number = ++made;
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${this.number}`;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel);
    input.parentElement.classList.add("suggesting");
    input.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", (event) => this.typed(event));
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    input.form?.addEventListener("submit", () => this.close());
    // Pressing a mouse button on the list leaves the box in focus.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options.indexOf(option));
    });
  }

  typed(event) {
    clearTimeout(this.timer);
    if (event.isComposing) return;
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    this.asking?.abort();
    const words = this.input.value.trim();
    if (!words) return this.close();
    if (!this.answers.has(words)) {
      const mine = (this.asking = new AbortController());
      const patience = setTimeout(() => mine.abort(), PATIENCE);
      try {
        const url = `${this.input.dataset.suggest}?q=${encodeURIComponent(words)}`;
        const answer = await fetch(url, { signal: mine.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        this.answers.set(words, await answer.json());
        if (this.answers.size > KEPT) this.answers.delete(this.answers.keys().next().value);
      } catch {
        if (this.asking === mine) this.close();
        return;
      } finally {
        clearTimeout(patience);
      }
    }
    // Meanwhile somebody may have typed on, or left.
    if (words !== this.input.value.trim() || document.activeElement !== this.input) return;
    this.show(this.answers.get(words));
  }

  show(answer) {
    this.found = answer.suggestions;
    this.options = this.found.map((each, place) => this.option(each, place));
    this.list.replaceChildren(...this.options);
    this.mark(-1);
    this.list.hidden = this.options.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    if (live && !this.list.hidden) live.textContent = answer.said;
  }

  option(each, place) {
    const option = document.createElement("li");
    const text = document.createElement("span");
    const kind = document.createElement("small");
    option.id = `${this.list.id}-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    text.textContent = each.text;
    text.lang = each.lang;
    text.dir = each.search ? "auto" : each.dir;
    kind.textContent = each.kind;
    option.append(text, " ", kind);
    if (each.context) {
      const context = document.createElement("bdi");
      context.textContent = each.context;
      kind.append(" · ", context);
    }
    return option;
  }

  mark(place) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = place;
    const option = this.options[place];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.input.setAttribute("aria-activedescendant", option.id);
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !this.list.hidden;
    if (event.key === "Escape" && open) {
      event.preventDefault(); // the words stay; a second Escape clears the box as ever
      this.close();
    } else if (event.key === "Enter") {
      clearTimeout(this.timer);
      if (open && this.active >= 0) {
        event.preventDefault();
        this.choose(this.active);
      }
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void this.ask();
      // One step beyond either end lies the box itself.
      const places = this.options.length + 1;
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.mark(((this.active + 1 + step + places) % places) - 1);
    }
  }

  choose(place) {
    const chosen = this.found[place];
    this.close();
    if (!chosen.search) return void location.assign(chosen.url);
    this.input.value = chosen.text;
    this.input.form.requestSubmit();
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.mark(-1);
    this.input.setAttribute("aria-expanded", "false");
  }
}

/** Offer suggestions in a box, once. */
export function attend(input) {
  if (input.getAttribute("role") !== "combobox") new Suggestions(input);
}
