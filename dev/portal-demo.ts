import type { IncomingMessage, ServerResponse } from "node:http";
import { totpCode } from "../src/adapters/totp.ts";
import { asRecord, parseJson, readBytes, sendJson } from "./serve.ts";

export type DemoPerson = { email: string; name: string; roles: string[]; password: string; totpSecret: string | null };

const STEP_MS = 30_000;
/** A number is good once: the one of now, then its neighbours that the Worker also takes. */
const STEPS = [0, 1, -1];

type Signed = { cookies: Map<string, string>; setCookies: string[] };
/** The last session of each person: within half a minute their authenticator has three numbers, and many may knock. */
const lastOf = new Map<string, Signed>();

type Country = { code: string; url: string; people: DemoPerson[] };

/**
 * Signs a demo person in as they would themselves, password and authenticator, and gives the browser their cookies: at home, and
 * by the home's word in the country that was asked for.
 */
export async function signInDemo(
  req: IncomingMessage,
  res: ServerResponse,
  country: Country,
  home: Country,
  now: number,
): Promise<void> {
  const { email } = asRecord(parseJson((await readBytes(req, 10_000)).toString("utf8")));
  const person = country.people.find((each) => each.email === email);
  if (req.method !== "POST" || person === undefined) return sendJson(res, 404, { error: "no such demo person" });
  const signed: Signed = { cookies: new Map(), setCookies: [] };
  let answer = await tell(home.url, signed, "/sign-in", { email: person.email, password: person.password });
  for (const step of STEPS) {
    if (asRecord(answer.body).next !== "second_factor" || person.totpSecret === null) break;
    const code = totpCode(person.totpSecret, now + step * STEP_MS);
    const shown = await tell(home.url, signed, "/sign-in/second-factor", { code });
    if (shown.status < 300) answer = shown;
  }
  const key = `${home.url} ${email}`;
  const isWhole = answer.status === 200 && asRecord(answer.body).next === "done";
  const kept = isWhole ? signed : lastOf.get(key);
  if (kept === undefined) return sendJson(res, answer.status, answer.body, { "set-cookie": signed.setCookies });
  lastOf.set(key, kept);
  // A session abroad lives for minutes: each knock opens another, beside the one at home.
  const here: Signed = { cookies: new Map(kept.cookies), setCookies: [...kept.setCookies] };
  if (country !== home) {
    const { body } = await tell(home.url, here, "/identity/token", { country: country.code.toUpperCase() });
    const taken = await tell(country.url, here, "/sign-in/token", { token: asRecord(body).token });
    if (taken.status !== 200) return sendJson(res, taken.status, taken.body);
  }
  sendJson(res, 200, { next: "done" }, { "set-cookie": here.setCookies });
}

async function tell(base: string, signed: Signed, path: string, body: unknown) {
  const response = await fetch(`${base}/api${path}`, {
    method: "POST",
    headers: {
      Origin: new URL(base).origin,
      Cookie: [...signed.cookies].map((pair) => pair.join("=")).join("; "),
      "Content-Type": "application/json",
    },
    body: JSON.stringify(body),
  });
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    signed.cookies.set(name, value);
    signed.setCookies.push(cookie);
  }
  return { status: response.status, body: parseJson(await response.text()) };
}
