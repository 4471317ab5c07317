import { signal } from "@preact/signals";
import { countries, country } from "./country.ts";

/**
 * One sign-in for all countries. Staff are at home in one of them (`<meta name="home">`); any other opens a session for minutes
 * by the home's word, which this page fetches there and carries over: when a country does not know who asks, and before the
 * session there ends. Nothing of it is kept but in memory.
 */

const named = document.querySelector("meta[name=home]")?.getAttribute("content")?.trim() ?? "";
/** The country where staff sign in; null: each signs in its own. */
export const home: string | null = countries.find((each) => each === named) ?? null;
/** Where somebody signs in who wants to work in this country. */
export const homeOf = (code: string) => home ?? code;
/** Whether people come in there by the home's word. */
export const isAbroad = (code: string) => home !== null && code !== home;

/** signed_out: at home nobody is signed in whole, so that there is no word to carry. */
export type Came = { kind: "taken" } | { kind: "signed_out" } | { kind: "refused"; status: number; error: Refusal };
type Refusal = { kind: string; message: string; details: unknown };

const TIMEOUT_MS = 20_000;
/** So long before its end the session there is made to go on, and so soon it is tried again. */
const AHEAD_MS = 60_000;
const AGAIN_MS = 15_000;

/** Set while the home does not answer and a country is worked in by its word: until when the session there lives, if that is known. */
export const homeSilent = signal<{ code: string; until: number | null } | null>(null);
/** When the session of each country ends that was opened from this page, by this device's clock. */
const ends = new Map<string, number>();

const underWay = new Map<string, Promise<Came>>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
/** Counts who has signed out here: what was under way for them opens nothing any more. */
let era = 0;

let actedAt = Date.now();
let toldAt = 0;
for (const what of ["pointerdown", "keydown"])
  addEventListener(what, () => (actedAt = Date.now()), { passive: true, capture: true });

/** Opens a session in that country, or lets it go on. Many who ask at once wait for one answer. */
export function comeIn(code: string): Promise<Came> {
  const running = underWay.get(code);
  if (running !== undefined) return running;
  const of = era;
  const own = carry(code, of)
    .then((came) => (of === era ? minded(code, came) : came))
    .finally(() => underWay.delete(code));
  underWay.set(code, own);
  return own;
}

/** While the home does not answer it is said until when one is signed in, and asked again and again: what was open goes on by itself. */
function minded(code: string, came: Came): Came {
  const isSilent = came.kind === "refused" && came.error.kind === "home_down";
  if (isSilent) {
    homeSilent.value = { code, until: ends.get(code) ?? null };
    if (!timers.has(code)) later(code, AGAIN_MS);
  } else if (homeSilent.peek()?.code === code) homeSilent.value = null;
  return came;
}

/** The session there is known, and goes on while this page is open. */
export const isKept = (code: string) => timers.has(code);

/** Whoever was here has signed out: no word is carried for them any more. */
export function forgetAll() {
  era += 1;
  for (const timer of timers.values()) clearTimeout(timer);
  timers.clear();
  ends.clear();
  homeSilent.value = null;
}

async function carry(code: string, own: number, isAgain = false): Promise<Came> {
  // A page that only watches says no word: left alone for long enough, the sign-in at home ends.
  const isWatching = actedAt <= toldAt;
  toldAt = Date.now();
  const word = await post(`/${home}/api/identity/token`, { country: code.toUpperCase() }, isWatching);
  if (own !== era || word.status === 401) return { kind: "signed_out" };
  if (word.status === 0 || word.status >= 500) return refused({ ...word, status: 503 }, "home_down");
  if (word.status !== 200) return refused(word);
  const taken = await post(`/${code}/api/sign-in/token`, { token: word.body.token });
  // Too old by now, or from before a sign-out of this person in another browser: the next one says how it is.
  const isOld = taken.body.error?.kind === "token_expired" || taken.body.error?.kind === "token_used";
  if (taken.status === 401 && isOld && !isAgain) return carry(code, own, true);
  if (taken.status === 0) return refused({ ...taken, status: 503 }, "no_answer");
  // As no sign-in mends it, it is no 401 to whoever asked.
  if (taken.status !== 200) return refused(taken.status === 401 ? { ...taken, status: 403 } : taken);
  if (own === era) keep(code, Number(taken.body.livesMs));
  return { kind: "taken" };
}

function keep(code: string, livesMs: number) {
  ends.set(code, Date.now() + livesMs);
  later(code, Math.max(AGAIN_MS, livesMs - AHEAD_MS));
}

function later(code: string, ms: number) {
  clearTimeout(timers.get(code));
  timers.set(
    code,
    setTimeout(() => void goOn(code), ms),
  );
}

/** Of the country that is looked at alone: another one is asked when somebody comes to it. */
async function goOn(code: string) {
  timers.delete(code);
  if (country.peek() !== code) return;
  const came = await comeIn(code);
  // While that country itself does not answer either, its session goes on to its end, and the work with it.
  if (came.kind === "refused" && came.status === 503 && !timers.has(code)) later(code, AGAIN_MS);
}

type Told = { status: number; body: { token?: unknown; livesMs?: unknown; error?: Partial<Refusal> } };

async function post(url: string, body: unknown, isWatching = false): Promise<Told> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(isWatching ? { "X-Only-Watching": "1" } : {}) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: ((await response.json().catch(() => null)) ?? {}) as Told["body"] };
  } catch {
    return { status: 0, body: {} };
  }
}

const refused = ({ status, body }: Told, kind = body.error?.kind ?? "unexpected"): Came => ({
  kind: "refused",
  status,
  error: { kind, message: body.error?.message ?? "", details: body.error?.details ?? null },
});
