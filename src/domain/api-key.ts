/** What a machine's key lets it read. One that names a programme reads that programme's sites alone. */
export const SCOPES = [
  "odyssey.read",
  "figures.read",
  "payments.read",
  "readings.read",
  "tickets.read",
  "webhooks.read",
] as const;
export type Scope = (typeof SCOPES)[number];
/** What a key without a programme may hold. */
export const MACHINE_SCOPES = SCOPES.filter((scope) => scope !== "odyssey.read");

/** Requests of one key in a minute of the clock. */
export const REQUESTS_PER_MINUTE_MAX = 120;

/** How a key begins, so that whoever finds one knows what it is. */
const PREFIX = { programme: "ody_", machine: "cck_" } as const;
/** Characters that people see of it later. */
const SHOWN_CHARS = 10;

/** A key as it is shown once, of what was drawn, and what people see of it later. */
export function keyText(drawn: string, programme: string | null): { key: string; shownAs: string } {
  const key = `${programme === null ? PREFIX.machine : PREFIX.programme}${drawn}`;
  return { key, shownAs: key.slice(0, SHOWN_CHARS) };
}

const KEY = /^(?:ody|cck)_[\w-]{32,64}$/i;

/** The key in an Authorization header; null: there is none that could be one of ours. Stops before anything is hashed. */
export const keyOfHeader = (header: string | undefined): string | null =>
  keyAlone(/^Bearer (.+)$/i.exec(header ?? "")?.[1]);

/** A key in a header of its own. */
export const keyAlone = (header: string | undefined): string | null =>
  KEY.test(header ?? "") ? (header ?? null) : null;
