/** Whether a deployment that is out does what it must, asked from outside as a phone and a browser ask. */
import { setTimeout as wait } from "node:timers/promises";

const ASK_MS_MAX = 10_000;
const PAUSE_MS = 2_000;
/** A new version is everywhere within seconds; who still sees the old one by then never will. */
export const SMOKE_MS_MAX = 60_000;

export type Answer = { status: number; type: string; text: string };
export type Ask = (path: string, method?: string, headers?: Record<string, string>) => Promise<Answer>;

/** Redirects are not followed: a phone's POST would arrive as a GET. */
export const askAt =
  (origin: string): Ask =>
  async (path, method = "GET", headers = {}) => {
    const response = await fetch(new URL(path, origin), {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(ASK_MS_MAX),
      headers: { ...headers, ...(method === "POST" ? { "Content-Type": "application/json" } : {}) },
      ...(method === "POST" ? { body: "{}" } : {}),
    });
    return { status: response.status, type: response.headers.get("content-type") ?? "", text: await response.text() };
  };

type Health = { status?: unknown; country?: unknown; version?: unknown; error?: { kind?: unknown; details?: unknown } };

/** What /health says; null: it answers no JSON, so that something else stands at this address. */
export async function healthAt(ask: Ask): Promise<(Health & { code: number }) | null> {
  const { status, text } = await ask("/health");
  try {
    return { code: status, ...(JSON.parse(text) as Health) };
  } catch {
    return null;
  }
}

/** What kind of error it is, where it says so. */
function kindIn(text: string): string {
  const kind = /"kind":\s*"(\w+)"/.exec(text)?.[1];
  return kind === undefined ? "" : `: ${kind}`;
}

/** `not`: what must run no more. */
export type Wanted = { country: string; version: string | null; not?: string | null };

/** One round: what is wrong, as sentences. */
export async function smokeFaults(ask: Ask, wanted: Wanted): Promise<string[]> {
  const health = await healthAt(ask);
  if (health === null) return ["/health answers no JSON"];
  if (health.code !== 200 || health.status !== "ok")
    return [`/health answers ${health.code}: ${JSON.stringify(health.error?.details ?? health.status ?? null)}`];
  const faults: string[] = [];
  if (health.country !== wanted.country)
    faults.push(`/health is of ${String(health.country)}, not of ${wanted.country}`);
  if (wanted.version !== null && health.version !== wanted.version)
    faults.push(`/health says version ${String(health.version)}, not ${wanted.version}`);
  if (typeof wanted.not === "string" && health.version === wanted.not)
    faults.push(`/health still says version ${wanted.not}`);
  // The doors that carry money, without a credential: refused by us, and by nothing that stands before us.
  const sms = await ask("/api/sms/incoming", "POST");
  if (sms.status !== 401 || !sms.type.includes("json"))
    faults.push(`/api/sms/incoming answers ${sms.status} ${sms.type} to a stranger, not 401 and JSON`);
  // A session that nobody was given is looked up in the database: one that is down, or another country's, is seen here.
  const cookie = { Cookie: `__Host-cc-${wanted.country.toLowerCase()}-session=nobodys` };
  const session = await ask("/api/me", "GET", cookie);
  if (session.status !== 401)
    faults.push(`/api/me answers ${session.status} to a stranger, not 401${kindIn(session.text)}`);
  const page = await ask("/");
  if (page.status !== 200 || !page.type.includes("html"))
    faults.push(`/ answers ${page.status} ${page.type}, not the portal`);
  return faults;
}

/** Asks until all is well or the time is over; what was wrong last. */
export async function smoke(
  ask: Ask,
  wanted: Wanted,
  { msMax = SMOKE_MS_MAX, pauseMs = PAUSE_MS } = {},
): Promise<string[]> {
  const until = Date.now() + msMax;
  for (;;) {
    const faults = await smokeFaults(ask, wanted).catch((thrown: unknown) => [`no answer: ${String(thrown)}`]);
    if (faults.length === 0 || Date.now() >= until) return faults;
    await wait(pauseMs);
  }
}
