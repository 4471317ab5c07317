import { addressKey, attemptKey, SESSION } from "../domain/sign-in.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { Attempts, OpenedSession, Sessions } from "../ports/sessions.ts";

/** `requestId` names the request in the audit rows it leaves. */
export type SessionPorts = {
  sessions: Sessions;
  attempts: Attempts;
  secrets: Secrets;
  now(): number;
  requestId: string;
};

/** Where a sign-in comes from. `device` is what an earlier sign-in of this browser left there. */
export type Origin = { address: string; device: string | null; userAgent: string | null };

/** What goes into the browser's cookies. */
export type Opened = { token: string; expiresAt: number; device: string };

const USER_AGENT_CHARS_MAX = 200;

/**
 * Which counters a try is under. A browser that this person signed in with before has its own and no other, so that a
 * stranger who keeps failing in somebody's name, or on the same network, never holds up that person at the usual desk.
 */
export function triesOf({ secrets }: SessionPorts, identity: string, { address, device }: Origin) {
  const [nonce = "", claimed = ""] = device?.split(".", 2) ?? [];
  const isKnown = nonce !== "" && secrets.isMark("device", `${identity} ${nonce}`, claimed);
  const own = isKnown
    ? attemptKey("device", secrets.hashToken(nonce))
    : attemptKey("identity", secrets.hashToken(identity));
  const from = fromAddress(secrets, address);
  const forget = [own.key];
  return isKnown
    ? { keys: [own], succeeded: { forget, keep: [] }, device }
    : { keys: [own, from], succeeded: { forget, keep: [from.key] }, device: null };
}

/** The counter of where it comes from, for what is tried in nobody's name yet. */
export const fromAddress = (secrets: Secrets, address: string) =>
  attemptKey("address", secrets.hashToken(addressKey(address)));

/** A session of its own for each sign-in, whose token nobody chose but we. */
export async function openSession(
  ports: SessionPorts,
  whose: OpenedSession["whose"],
  identity: string,
  { userAgent, device }: Pick<Origin, "userAgent" | "device">,
  kind: keyof typeof SESSION,
): Promise<Opened> {
  const at = ports.now();
  const { token, hash } = ports.secrets.drawToken();
  const expiresAt = at + SESSION[kind].totalMs;
  await ports.sessions.open({
    whose,
    tokenHash: hash,
    idleMs: SESSION[kind].idleMs,
    expiresAt,
    secondFactorAt: null,
    userAgent: userAgentOf(userAgent),
    at,
  });
  return { token, expiresAt, device: device ?? newDevice(ports, identity) };
}

/** As much of a browser's own name as is kept. */
export const userAgentOf = (said: string | null) =>
  said === null ? null : said.slice(0, USER_AGENT_CHARS_MAX).toWellFormed().replaceAll("\u0000", "");

function newDevice({ secrets }: SessionPorts, identity: string): string {
  const { token: nonce } = secrets.drawToken();
  return `${nonce}.${secrets.mark("device", `${identity} ${nonce}`)}`;
}
