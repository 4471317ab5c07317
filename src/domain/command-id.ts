const FORM = /^([0-9a-f]{8})-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const ACCOUNT = /^(\d{4})([A-Z])([A-Z])([A-Z])$/;
const LETTERS = 26;
const LETTER_GROUPS = LETTERS ** 3;
const DIGITS_MAX = 9_999;
const FIRST_LETTER = 65;

/**
 * The id of a relay command: a UUID of version 8 whose first 32 bits name the account, and whose other bits are random.
 * So an acknowledgement finds its account whatever meter it names, also after the meter has moved. `random` has 12 bytes.
 * Null for an account number of another form.
 */
export function commandId(account: string, random: Uint8Array): string | null {
  const [, digits = "", ...letters] = ACCOUNT.exec(account) ?? [];
  if (digits === "") return null;
  const named = letters.reduce((sum, letter) => sum * LETTERS + letter.charCodeAt(0) - FIRST_LETTER, Number(digits));
  const rest = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = "89ab".charAt((random[4] ?? 0) & 3);
  const head = named.toString(16).padStart(8, "0");
  return [head, rest.slice(0, 4), `8${rest.slice(5, 8)}`, variant + rest.slice(9, 12), rest.slice(12, 24)].join("-");
}

/** The account that a command id names; null for an id that we did not make. */
export function accountOfCommand(id: string): string | null {
  const head = FORM.exec(id)?.[1];
  if (head === undefined) return null;
  const named = Number.parseInt(head, 16);
  const digits = Math.floor(named / LETTER_GROUPS);
  if (digits > DIGITS_MAX) return null;
  const letters = [LETTERS ** 2, LETTERS, 1].map((place) =>
    String.fromCharCode(FIRST_LETTER + (Math.floor(named / place) % LETTERS)),
  );
  return String(digits).padStart(4, "0") + letters.join("");
}
