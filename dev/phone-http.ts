/** What both gateway phones share. Web standards only: these phones also run inside workerd, in tests. */

/** Whatever carries a request: `fetch`, or a Worker's own in a test. */
export type Transport = (url: string, init: RequestInit) => Promise<Response>;

/** An SMS as it reaches the phone. */
export type ReceivedSms = {
  from: string;
  content: string;
  /** The operator's stamp, UTC milliseconds. The Medic client reports 0 for a text of several parts. */
  sentAt?: number;
};

export type RadioOutcome = "delivered" | "sent" | "soft" | "hard" | "none";

/** Something a real client would have died of. A test that meets one must fail. */
export class ClientCrash extends Error {}

/** A fault on the way, for one request. */
export type WireFault =
  /** The request never arrives. */
  | "lost-request"
  /** It arrives, the answer does not. */
  | "lost-response"
  /** A network layer sends it twice; the second answer is the one read. */
  | "sent-twice";

/** Carries one request, with the fault if there is one. Throws where the client would see a broken connection. */
export async function carry(transport: Transport, url: string, init: RequestInit, fault: WireFault | undefined) {
  if (fault === "lost-request") throw new Error("connection lost before the request was sent");
  if (fault === "sent-twice") await drain(await transport(url, init));
  const answer = await transport(url, { ...init, redirect: "manual" });
  if (fault !== "lost-response") return answer;
  await drain(answer);
  throw new Error("connection lost before the answer was read");
}

async function drain(answer: Response) {
  await answer.arrayBuffer();
}

/**
 * Both clients turn a redirected POST into a GET without its body, for 301, 302 and 303. 307 and 308 are not followed.
 * The answer of that GET is then taken for the answer of the POST.
 */
export async function followAsGet(
  answer: Response,
  from: string,
  { acrossSchemes }: { acrossSchemes: boolean },
  get: (url: string) => Promise<Response>,
): Promise<Response> {
  const location = answer.headers.get("location");
  if (![301, 302, 303].includes(answer.status) || location === null) return answer;
  const target = new URL(location, from);
  if (!acrossSchemes && target.protocol !== new URL(from).protocol) return answer;
  await drain(answer);
  return get(target.href);
}

/** A typed-in URL, parted into the address and its credentials, which are kept as typed. */
export function splitCredentials(typed: string): { address: string; user: string; password: string } | null {
  const parts = /^(https?:\/\/)([^:/#?@]+):(.*)@([^@]+)$/.exec(typed);
  if (parts === null) return null;
  const [, scheme = "", user = "", password = "", rest = ""] = parts;
  return { address: scheme + rest, user, password };
}

export function basicAuth(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

/** Half a surrogate pair cannot be sent as UTF-8: both clients send a question mark instead. */
export function withoutLoneSurrogates(text: string): string {
  return text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "?");
}

export function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
