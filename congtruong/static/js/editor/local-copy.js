/* What is written and not yet saved, kept in the browser of this machine.

Each page keeps its own copy, so that two tabs with the same post do not write over each other. A copy whose page is
still open in another tab belongs to that tab. */

const MARK = "ct-bai:";
const LONGEST = 30 * 24 * 3600 * 1000;

export class LocalCopy {
  constructor(draft) {
    this.prefix = `${MARK}${draft}#`;
    this.key = this.prefix + Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    this.works = true;
    this.#hold();
  }

  /** Whether the browser kept it. */
  write(content, version) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), version, content }));
      this.works = true;
    } catch {
      this.works = false;
    }
    return this.works;
  }

  remove(key = this.key) {
    try {
      localStorage.removeItem(key);
    } catch {
      this.works = false;
    }
  }

  /** The form was sent as a whole: its copy only counts if nothing arrived. */
  markSent() {
    const copy = this.#read(this.key);
    if (!copy) return;
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...copy, sent: true }));
    } catch {
      this.works = false;
    }
  }

  /** Copies other pages left behind for the same post, newest first. */
  async left() {
    const open = await heldByOpenPages();
    const found = [];
    for (const key of this.#keys()) {
      const copy = this.#read(key);
      if (!copy || Date.now() - copy.at > LONGEST) this.remove(key);
      else if (key.startsWith(this.prefix) && key !== this.key && !open.has(key)) found.push({ key, ...copy });
    }
    return found.sort((one, other) => other.at - one.at);
  }

  #keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(MARK));
    } catch {
      this.works = false;
      return [];
    }
  }

  #read(key) {
    try {
      const copy = JSON.parse(localStorage.getItem(key));
      return copy && Array.isArray(copy.content) && typeof copy.at === "number" ? copy : null;
    } catch {
      return null;
    }
  }

  #hold() {
    if (navigator.locks) navigator.locks.request(this.key, () => new Promise(() => {})).catch(() => {});
  }
}

async function heldByOpenPages() {
  if (!navigator.locks) return new Set();
  try {
    const { held } = await navigator.locks.query();
    return new Set(held.map((lock) => lock.name));
  } catch {
    return new Set();
  }
}
