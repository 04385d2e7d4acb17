// fieldset[data-reading]: women + men (+ not stated) fill in the total while nobody has typed one.
// Inputs carry data-part="women|men|not_stated" and data-part="total". Digits of every script count.
const ZEROS = [
  0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
  0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0xff10,
];

/** Read a number in any script; null when empty, NaN when it could be misread. */
export function number(text) {
  let plain = "";
  for (const sign of text.trim()) {
    const point = sign.codePointAt(0);
    const zero = ZEROS.find((start) => point >= start && point <= start + 9);
    plain += zero === undefined ? sign : String(point - zero);
  }
  plain = plain.replace(/[\s'\u2019\u066c\u060c]/gu, "").replace("\u066b", ".");
  if (plain === "") return null;
  if (/^\d{1,3}(,\d{3})+(\.\d+)?$/u.test(plain)) plain = plain.replaceAll(",", "");
  // One dot or comma before exactly three digits: thousands to some, decimals to others.
  if (/^[1-9]\d{0,2}\.\d{3}$/u.test(plain)) return NaN;
  return /^\d+(\.\d+)?$/u.test(plain) ? Number(plain) : NaN;
}

function watch(fieldset) {
  const part = (name) => fieldset.querySelector(`input[data-part=${name}]`);
  const total = part("total");
  if (!total) return;
  let own = false; // whether the total in the field is ours to change
  const value = (name) => (part(name) ? number(part(name).value) : null);

  fieldset.addEventListener("input", (event) => {
    if (event.target === total) {
      own = event.isTrusted ? false : own;
      return;
    }
    if (total.value.trim() !== "" && !own) return;
    const [women, men, rest] = ["women", "men", "not_stated"].map(value);
    const sum = women === null || men === null ? null : women + men + (rest ?? 0);
    const text = sum === null || Number.isNaN(sum) ? "" : String(Number(sum.toFixed(6)));
    if (text === total.value) return;
    total.value = text;
    own = true;
    total.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

document.querySelectorAll("fieldset[data-reading]").forEach(watch);
