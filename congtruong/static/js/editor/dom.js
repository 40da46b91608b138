/* Elements without markup in strings. */

export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

let last = 0;

/** An id of this page for labels and descriptions. */
export function newId() {
  last += 1;
  return `soan-${last}`;
}

export function later(action, wait) {
  let timer = 0;
  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
  plan.cancel = () => clearTimeout(timer);
  return plan;
}

export const escaped = (text) =>
  text.replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]);
