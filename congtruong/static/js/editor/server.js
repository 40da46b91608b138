/* Talking with the server: every answer is one of a few outcomes. */

const PATIENCE = 20_000;
// Browsers take no more from a page that is being closed.
const MOST_WHEN_CLOSING = 60_000;

/** Sends a form body. Resolves with {kind: "ok" | "conflict" | "signed-out" | "refused" | "failed" | "offline", …}. */
export async function post(url, body, token, { closing = false } = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      credentials: "same-origin",
      // A redirection leads to the sign-in page.
      redirect: "manual",
      keepalive: closing && size(body) < MOST_WHEN_CLOSING,
      signal: patience.signal,
    });
    return { ...(await dataOf(answer)), kind: kindOf(answer), status: answer.status };
  } catch {
    return { kind: "offline" };
  } finally {
    clearTimeout(timer);
  }
}

export async function get(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function kindOf(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "signed-out";
  if (answer.ok) return "ok";
  if (answer.status === 409) return "conflict";
  if (answer.status === 422 || answer.status === 400 || answer.status === 413) return "refused";
  return "failed";
}

async function dataOf(answer) {
  try {
    return await answer.json();
  } catch {
    return {};
  }
}

function size(body) {
  let total = 0;
  for (const [name, value] of body) total += name.length + 3 * value.length + 120;
  return total;
}
