import { type AlarmTelling, tellingText } from "../domain/alarm-telling.ts";
import type { OnCall } from "../domain/on-call.ts";
import { chooseHealthyPhone } from "../domain/sms-choice.ts";
import { signedHeaders } from "../domain/webhook.ts";
import type { Gate } from "../ports/gate.ts";
import { log } from "../ports/log.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import { within } from "./within.ts";

/** An SMS that is older than this wakes nobody for anything that is still so. */
const SMS_TTL_MS = 6 * 3_600_000;

/** So long after the telling another phone would be the second to tell; after that it may be the first that can. */
const SAME_PHONE_MS_MAX = 3 * 60_000;

/** One try of one step; the next look tries again. */
export const TRY_MS_MAX = 5_000;

export type OnCallPorts = {
  country: string;
  gate: Pick<Gate, "phones">;
  enqueue(phoneId: string, sms: OutgoingSms): Promise<EnqueueAnswer>;
  /** Keeps with a telling to which phone its SMS of this way goes, before that phone is asked. */
  keepPhone(id: string, channel: string, phoneId: string): Promise<void>;
  /** Posts, follows no redirect, and throws where nobody answers in time. */
  post(url: string, headers: Record<string, string>, body: string): Promise<{ status: number }>;
  now(): number;
};

/** The ways a telling goes, by name: `sms1` is the first number. */
export const channelsOf = ({ phones, hook }: OnCall): string[] => [
  ...phones.map((_, place) => `sms${place + 1}`),
  ...(hook === null ? [] : ["webhook"]),
];

/**
 * Sends a telling by one way. True: it went. Neither way needs the database, and whoever gets it twice knows it by its id: a
 * Mailbox takes an id once, a webhook carries it in its header.
 */
export async function tellBy(
  channel: string,
  telling: AlarmTelling,
  onCall: OnCall,
  ports: OnCallPorts,
): Promise<boolean> {
  try {
    const sent =
      channel === "webhook" ? await hooked(telling, onCall, ports) : await texted(channel, telling, onCall, ports);
    if (sent) log.info("alarm told", { alarm: telling.name, what: telling.what, channel });
    return sent;
  } catch (thrown) {
    log.warn("alarm not told", { alarm: telling.name, what: telling.what, channel, error: thrown });
    return false;
  }
}

async function hooked(telling: AlarmTelling, { hook }: OnCall, { country, post, now }: OnCallPorts): Promise<boolean> {
  if (hook === null) return false;
  const { id, at, via: _, ...data } = telling;
  const body = JSON.stringify({
    type: `alarm.${telling.what}`,
    timestamp: new Date(at).toISOString(),
    data: { country, ...data },
  });
  const headers = signedHeaders([hook.secret], { id, time: Math.floor(now() / 1_000), body });
  const { status } = await post(hook.url, { ...headers, "Content-Type": "application/json" }, body);
  return status >= 200 && status < 300;
}

/**
 * A hand-over whose answer was lost goes to the same phone again for a few minutes, which takes an id once: another one would tell
 * a second time. A phone that only polls and takes nothing keeps it no longer: told twice is better than not told.
 */
async function texted(
  channel: string,
  telling: AlarmTelling,
  { phones }: OnCall,
  ports: OnCallPorts,
): Promise<boolean> {
  const to = phones[Number(channel.slice(3)) - 1];
  const now = ports.now();
  const kept = now - telling.at <= SAME_PHONE_MS_MAX ? (telling.via?.[channel] ?? null) : null;
  const phoneId = chooseHealthyPhone(await within(TRY_MS_MAX, ports.gate.phones()), now, kept);
  if (to === undefined || phoneId === null) return false;
  if (phoneId !== kept) await keepPhone(ports, telling.id, channel, phoneId);
  const handedOver = ports.enqueue(phoneId, {
    id: `${telling.id}-${channel}`,
    to,
    content: tellingText(telling, ports.country),
    ...{ template: null, language: null, account: null, receipt: null },
    createdAt: telling.at,
    // Of now: what waited for a phone for hours is still to be told.
    expiresAt: now + SMS_TTL_MS,
  });
  const { status } = await within(TRY_MS_MAX, handedOver);
  return status === "queued" || status === "exists";
}

/** Where it cannot be kept, told twice is better than not told. */
async function keepPhone({ keepPhone: keep }: OnCallPorts, id: string, channel: string, phoneId: string) {
  try {
    await within(TRY_MS_MAX, keep(id, channel, phoneId));
  } catch (thrown) {
    log.warn("alarm's phone not kept", { id, channel, error: thrown });
  }
}
