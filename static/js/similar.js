// [data-alike="address of a page of similar things"] shows the first of them, once it comes near
// the window. The link in it stays, and is all there is without script or while there is no index.
const SHOWN = 5;

async function fill(section) {
  const answer = await fetch(section.dataset.alike, { headers: { Accept: "text/html" } });
  if (!answer.ok) {
    section.hidden = answer.status === 503;
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const items = [...page.querySelectorAll("#similar-list > li")].slice(0, SHOWN);
  if (!items.length) {
    section.hidden = true;
    return;
  }
  const list = document.createElement("ul");
  list.className = "bare";
  for (const item of items) {
    const [heading, ...rest] = item.children;
    const line = document.createElement("li");
    line.append(...heading.childNodes, ...rest);
    list.append(line);
  }
  section.querySelector("h2").after(list);
}

const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      near.unobserve(entry.target);
      fill(entry.target).catch((error) => console.warn("similar things did not load", error));
    }
  },
  { rootMargin: "400px" },
);
document.querySelectorAll("[data-alike]").forEach((section) => near.observe(section));
