/* File fields with a button in Vietnamese: browsers word their own in the language of the machine.

The field itself stays above the button, unseen: it takes clicks, keys, dropped files and the focus. Without this script
it looks as the browser draws it. */

const WORDS = {
  one: "Chọn tệp",
  many: "Chọn các tệp",
  none: "Chưa chọn tệp nào",
  chosen: (names) => `Đã chọn: ${names.join(", ")}`,
};
const MOST_NAMES = 3;

/** Wraps a file field; `words` is what its button says. */
export function pick(input, words = input.multiple ? WORDS.many : WORDS.one) {
  const button = document.createElement("span");
  button.className = "btn btn-line";
  button.textContent = words;
  button.setAttribute("aria-hidden", "true");
  const box = document.createElement("span");
  box.className = "pick";
  const name = document.createElement("span");
  name.className = "pick-name";
  name.textContent = WORDS.none;
  input.classList.add("pick-input");
  input.replaceWith(box);
  box.append(button, input);
  box.after(name);
  input.addEventListener("change", () => {
    const names = [...input.files].map((file) => file.name);
    const more = names.length - MOST_NAMES;
    if (more > 0) names.splice(MOST_NAMES, more, `và ${more} tệp khác`);
    name.textContent = names.length ? WORDS.chosen(names) : WORDS.none;
  });
}

for (const input of document.querySelectorAll("input[type=file].input")) pick(input);
