import { signal } from "@preact/signals";
import type { ClientResponse } from "hono/client";
import { hc } from "hono/client";
import type { SuccessStatusCode } from "hono/utils/http-status";
import type { PortalApi } from "../workers/portal/api.ts";
import { country } from "./country.ts";
import { comeIn, homeOf, isAbroad } from "./identity.ts";

const TIMEOUT_MS = 20_000;

/** What the server said instead of what was asked for. `fields`: what was expected of a field, by its name. */
export type Trouble = {
  /** 0: nobody answered. */
  status: number;
  kind: string;
  message: string;
  details: unknown;
  fields: Record<string, string>;
};
export type Answer<T> = { ok: true; value: T } | { ok: false; trouble: Trouble };

/** Set when a request is refused because nobody is signed in; the shell asks to sign in, and the page stays as it is. */
export const signedOut = signal(0);

const clients = new Map<string, ReturnType<typeof make>>();
const make = (code: string) =>
  hc<PortalApi>(`/${code}/api`, {
    fetch: (input: RequestInfo | URL, init?: RequestInit) => asked(code, () => fetchInTime(input, init)),
  });
const fetchInTime = (input: RequestInfo | URL, init?: RequestInit) =>
  fetch(input, { ...init, signal: init?.signal ?? AbortSignal.timeout(TIMEOUT_MS) });

/** Where a country does not know who asks, the home's word is brought there, and what was asked is asked once more. */
async function asked(code: string, ask: () => Promise<Response>): Promise<Response> {
  const response = await ask();
  if (response.status !== 401 || !isAbroad(code)) return response;
  const came = await comeIn(code);
  if (came.kind === "taken") return ask();
  return came.kind === "signed_out" ? response : Response.json({ error: came.error }, { status: came.status });
}

/** The typed client of the country in the address. `await ask(api().customers.$get({ query }))`. */
export const api = () => apiOf(country.value);
/** That of the country where staff of this one sign in: it knows passwords, second factors and how long one is signed in. */
export const homeApi = () => apiOf(homeOf(country.value));
/** That of another country of this portal, where somebody may not be signed in: `await ask(…, "elsewhere")`. */
export function apiOf(code: string) {
  const client = clients.get(code) ?? make(code);
  clients.set(code, client);
  return client;
}
/** The address of a route for what is no JSON: a file, a live stream. */
export const apiUrl = (path: string) => `/${country.value}/api${path}`;

/** The body of the answers that mean yes. */
type Said<R> = R extends ClientResponse<infer T, infer S, infer _F> ? (S extends SuccessStatusCode ? T : never) : never;

/** Waits for an answer. It never throws: a refusal, no answer and nonsense are all a trouble to show. Elsewhere nobody is asked to sign in. */
export async function ask<R extends ClientResponse<unknown, number, string>>(
  call: Promise<R>,
  where: "here" | "elsewhere" = "here",
): Promise<Answer<Said<R>>> {
  let response: R;
  try {
    response = await call;
  } catch (thrown) {
    return { ok: false, trouble: noAnswer(thrown instanceof Error ? thrown.message : String(thrown)) };
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return { ok: true, value: body as Said<R> };
  const trouble = troubleOf(response.status, body);
  // "Who am I?" answers itself: were it asked again for being refused, it would be asked for ever.
  if (
    where === "here" &&
    trouble.status === 401 &&
    trouble.kind !== "wrong_sign_in" &&
    !response.url.endsWith("/api/me")
  )
    signedOut.value += 1;
  return { ok: false, trouble };
}

/** Asks only where there is a reason to, or the right; else there is nothing to show. */
export const askIf = async <T>(isAsked: boolean, call: () => Promise<Answer<T>>): Promise<Answer<T | null>> =>
  isAsked ? call() : { ok: true, value: null };

const noAnswer = (message: string): Trouble => ({ status: 0, kind: "offline", message, details: null, fields: {} });

type Detail = { field?: unknown; expected?: unknown };

/** Reads the one error shape; whatever else came becomes `unexpected`. */
export function troubleOf(status: number, body: unknown): Trouble {
  const error = (body as { error?: Partial<Trouble> } | undefined)?.error;
  if (typeof error?.kind !== "string")
    return { status, kind: "unexpected", message: `status ${status}`, details: null, fields: {} };
  const details: Detail[] = Array.isArray(error.details) ? error.details : [];
  const fields = Object.fromEntries(
    details.flatMap(({ field, expected }) =>
      typeof field === "string" && typeof expected === "string" ? [[field, expected]] : [],
    ),
  );
  return { status, kind: error.kind, message: error.message ?? "", details: error.details ?? null, fields };
}
