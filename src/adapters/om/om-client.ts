import { type OmTicket, readOmPage, readOmTicket } from "../../domain/om-ticket.ts";
import type { OmAnswer, OmFailure, OmSystem } from "../../ports/om.ts";

const TIMEOUT_MS = 20_000;
/** Of what is no JSON so much is kept: their proxy answers pages of HTML. */
const SHOWN_CHARS_MAX = 300;
/** Hits of a search that one answer brings, and answers that are read: whoever writes the reference into a ticket of theirs is hit too. */
const FOUND_MAX = 100;
const FOUND_PAGES_MAX = 5;

/** Their 4xx that say nothing of what was sent: a key that is wrong for now, a moment that is bad, too much at once. */
const PASSING = new Set([401, 403, 408, 409, 425, 429]);

/** Whose hand it is: no person's; who said a comment stands in it. */
const WHO = { "X-CC-User-Id": "customer-care", "X-CC-User-Role": "system", "X-CC-User-Name": "Customer Care" };

export type OmSettings = { url: string; key: string };

/** Their HTTP. Never redirected: a page to sign in is no answer. */
export function omClient({ url, key }: OmSettings, send: typeof fetch = fetch): OmSystem {
  async function call(method: string, path: string, body?: unknown, once?: string): Promise<OmAnswer<unknown>> {
    let response: Response;
    try {
      response = await send(`${url.replace(/\/$/, "")}${path}`, {
        method,
        redirect: "manual",
        headers: {
          "X-API-Key": key,
          "X-OM-Source": "cc",
          ...WHO,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(once === undefined ? {} : { "Idempotency-Key": once }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (thrown) {
      return no("unclear", thrown instanceof Error ? thrown.name : "no answer");
    }
    const said = await response.text().catch(() => "");
    const shown = `${response.status} ${said.slice(0, SHOWN_CHARS_MAX)}`.trim();
    if (response.status >= 500) return no("unclear", shown);
    if (PASSING.has(response.status)) return no("failed", shown);
    if (response.status === 404 && method === "GET") return { ok: true, value: null };
    if (!response.ok) return no(response.status >= 400 ? "refused" : "failed", shown);
    try {
      return { ok: true, value: said === "" ? null : JSON.parse(said) };
    } catch {
      return no("unclear", shown);
    }
  }
  /** Their search looks for a part of any text: only the very reference counts. */
  async function find(reference: string): Promise<OmAnswer<OmTicket[]>> {
    const own: OmTicket[] = [];
    let seen = 0;
    for (let page = 0; page < FOUND_PAGES_MAX; page++) {
      const asked = `/tickets?limit=${FOUND_MAX}&offset=${seen}&search=${encodeURIComponent(reference)}`;
      const answer = await call("GET", asked);
      if (!answer.ok) return answer;
      const found = readOmPage(answer.value);
      if (found === null) return no("failed", "no list of tickets");
      own.push(...found.tickets.filter((each) => each.reference === reference));
      seen += found.rows;
      if (own.length === 0 && found.rows > 0 && (found.total === null || seen < found.total)) continue;
      return { ok: true, value: own.toSorted((a, b) => a.omId.localeCompare(b.omId, "en", { numeric: true })) };
    }
    return no("failed", `not among the first ${seen} tickets that a search for ${reference} hits`);
  }
  return {
    find,
    create: async (body, once) => ticketIn(await call("POST", "/tickets", body, once)),
    update: async (omId, body) => nothingIn(await call("PUT", `/tickets/${encodeURIComponent(omId)}`, body)),
    comment: async (omId, comment, once) =>
      nothingIn(await call("POST", `/tickets/${encodeURIComponent(omId)}/comments`, comment, once)),
    read: async (omId) => {
      const answer = await call("GET", `/tickets/${encodeURIComponent(omId)}`);
      if (!answer.ok || answer.value === null) return answer as OmAnswer<null>;
      return ticketIn(answer);
    },
  };
}

const no = (kind: OmFailure["kind"], error: string): { ok: false; failure: OmFailure } => ({
  ok: false,
  failure: { kind, error },
});
/** A yes without a ticket: it may be there all the same. */
const ticketIn = (answer: OmAnswer<unknown>): OmAnswer<OmTicket> => {
  if (!answer.ok) return answer;
  const ticket = readOmTicket(answer.value);
  return ticket === null ? no("unclear", "no ticket in the answer") : { ok: true, value: ticket };
};
const nothingIn = (answer: OmAnswer<unknown>): OmAnswer<null> => (answer.ok ? { ok: true, value: null } : answer);
