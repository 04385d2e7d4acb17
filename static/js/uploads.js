// Sends the files chosen in [data-upload-zone] one by one, each with its own progress, so that a poor line
// costs one file and not all. What has arrived is named in the form by its id, and in the address,
// so that it is still there when the page is opened again.
const AT_ONCE = 2;

function row(zone, file) {
  const item = zone.querySelector("template").content.firstElementChild.cloneNode(true);
  item.querySelector("bdi").textContent = file.name;
  item.querySelector("progress").setAttribute("aria-label", say(zone, "sending", file.name));
  zone.querySelector("[data-list]").append(item);
  return item;
}

const say = (zone, word, name) => zone.dataset[word].replace("{name}", name || "");

function announce(text) {
  const live = document.getElementById("live");
  if (live) live.textContent = text;
}

/** Keeps the ids of what has arrived in the address of this page. */
function remember(form) {
  const address = new URL(location.href);
  address.searchParams.delete("staged");
  for (const box of form.querySelectorAll("input[name=staged]:checked")) {
    address.searchParams.append("staged", box.value);
  }
  // Where the form came back with something to put right, its address may be one for sending only.
  history.replaceState(history.state, "", address);
}

function links(zone, known) {
  const line = document.createElement("span");
  line.className = "same";
  line.append(`${zone.dataset.same} `);
  for (const [position, each] of known.entries()) {
    const link = document.createElement("a");
    link.href = each.url;
    link.dir = "auto";
    link.textContent = each.title;
    line.append(position ? " · " : "", link);
  }
  return line;
}

/** Turns the row of a file that has arrived into the box that a page without script shows. */
function arrived(zone, item, answer) {
  const option = document.createElement("span");
  option.className = "option";
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: "staged", value: answer.id, checked: true, id: `staged-${answer.id}` });
  box.dataset.noDraft = "";
  const label = document.createElement("label");
  label.htmlFor = box.id;
  const [before, after] = zone.dataset.attach.split("{name}");
  const name = document.createElement("bdi");
  name.textContent = answer.name;
  label.append(before, name, after);
  option.append(box, " ", label);
  const remove = document.createElement("button");
  Object.assign(remove, { type: "button", className: "button small plain", textContent: zone.dataset.remove });
  remove.setAttribute("aria-label", `${zone.dataset.remove} ${answer.name}`);
  remove.addEventListener("click", () => {
    const headers = { "X-CSRFToken": zone.dataset.token };
    fetch(answer.forget, { method: "POST", headers }).catch(() => {}); // a file that nobody saves goes by itself
    const form = zone.closest("form");
    item.remove();
    remember(form);
    zone.querySelector("input[type=file]").focus();
  });
  item.className = "here";
  item.replaceChildren(option, remove);
  if (answer.known.length) item.append(links(zone, answer.known));
  announce(say(zone, "done", answer.name));
}

function watch(zone) {
  const form = zone.closest("form");
  const input = zone.querySelector("input[type=file]");
  const waiting = [];
  let running = 0;

  function fail(job, sentence, again) {
    job.item.classList.add("failed");
    job.item.querySelector(".said").textContent = sentence;
    job.item.querySelector("[data-retry]").hidden = !again;
    if (!again) job.item.querySelector("[data-cancel]").textContent = zone.dataset.remove;
    announce(sentence);
  }

  function answered(job, request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // An error page: its status says enough.
    }
    if (request.status === 200 && answer.id) {
      job.state = "done";
      arrived(zone, job.item, answer);
      remember(form);
    } else if (answer.error) {
      job.state = "refused";
      fail(job, answer.error, false);
    } else {
      job.state = "failed";
      const words = { 413: "large", 401: "away", 403: "away", 400: "away" }[request.status] || "refused";
      fail(job, say(zone, words), request.status !== 413);
    }
  }

  function send(job) {
    running += 1;
    job.state = "sending";
    job.item.classList.remove("failed");
    job.item.querySelector("[data-retry]").hidden = true;
    const bar = job.item.querySelector("progress");
    const said = job.item.querySelector(".said");
    const request = (job.request = new XMLHttpRequest());
    const over = () => {
      running -= 1;
      next();
    };
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = (100 * event.loaded) / event.total;
      said.textContent = `${Math.round(bar.value)} %`;
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      said.textContent = zone.dataset.checking;
    });
    request.addEventListener("load", () => {
      answered(job, request);
      over();
    });
    request.addEventListener("error", () => {
      job.state = "failed";
      fail(job, zone.dataset.broken, true);
      over();
    });
    request.addEventListener("abort", over);
    const data = new FormData();
    data.append("file", job.file, job.file.name);
    request.open("POST", zone.dataset.url);
    request.setRequestHeader("X-CSRFToken", zone.dataset.token);
    request.setRequestHeader("Accept", "application/json");
    bar.value = 0;
    said.textContent = "";
    request.send(data);
  }

  function next() {
    while (running < AT_ONCE && waiting.length) send(waiting.shift());
  }

  const jobs = new Set();
  function add(files) {
    for (const file of files) {
      const job = { file, item: row(zone, file), state: "waiting" };
      jobs.add(job);
      job.item.querySelector("[data-cancel]").addEventListener("click", () => {
        const place = waiting.indexOf(job);
        if (place >= 0) waiting.splice(place, 1);
        if (job.state === "sending") job.request.abort();
        jobs.delete(job);
        job.item.remove();
        input.focus();
      });
      job.item.querySelector("[data-retry]").addEventListener("click", () => {
        job.state = "waiting";
        waiting.push(job);
        next();
      });
      if (file.size > Number(zone.dataset.megabytes) * 1024 * 1024) {
        job.state = "refused";
        fail(job, zone.dataset.large, false);
      } else {
        waiting.push(job);
      }
    }
    next();
  }

  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = "";
  });
  // What broke off is sent again as soon as there is a connection.
  addEventListener("online", () => {
    for (const job of jobs) {
      if (job.state === "failed" && job.item.isConnected) job.item.querySelector("[data-retry]").click();
    }
  });

  const drop = zone.querySelector(".drop");
  drop.hidden = false;
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      zone.classList.add("dragged");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("dragged");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("dragged");
    add([...event.dataTransfer.files]);
  });

  zone.addEventListener("change", (event) => {
    if (event.target.name === "staged") remember(form);
  });
  // Before any other listener: what is still on its way would be left behind.
  form.addEventListener(
    "submit",
    (event) => {
      const busy = [...jobs].find((job) => ["waiting", "sending"].includes(job.state));
      if (!busy) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      announce(zone.dataset.unfinished);
      const said = busy.item.querySelector(".said");
      said.textContent = zone.dataset.unfinished;
      busy.item.querySelector("[data-cancel]").focus();
    },
    { capture: true },
  );
}

document.querySelectorAll("[data-upload-zone]").forEach(watch);
