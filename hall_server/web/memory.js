/** What this browser keeps: the language, the last window, the lease of this tab. */

/**
 * Kept as long as the browser lets us. A phone that refuses storage (private mode, cookies
 * blocked) throws on every access; then the page forgets, and works all the same.
 */
function keeping(open) {
  try {
    const store = open();
    store.setItem("try", "1");
    store.removeItem("try");
    return store;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    };
  }
}

export const device = keeping(() => window.localStorage);
export const tab = keeping(() => window.sessionStorage);
