/** What this device keeps for the portal. One that has no room, or is told to keep nothing, is worked on all the same. */

export function keepHere(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // What was kept before would come back in place of what is there now.
    dropHere(key);
  }
}

export function keptHere(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function dropHere(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    return;
  }
}
