import { localDay } from "../domain/local-day.ts";
import { isPublicAddress } from "../domain/public-address.ts";
import { nextTryAt, signedHeaders } from "../domain/webhook.ts";
import type { DueDelivery, Tried, Webhooks } from "../ports/webhooks.ts";

/** Events spread in one call, and deliveries tried in one: a minute's worth. */
export const SPREAD_MAX = 200;
export const TRIES_MAX = 20;
/** What belongs to an event comes in the same copy or the next one. */
const AGED_MS = 20_000;
/** Longer than a try may take. */
const LEASE_MS = 5 * 60_000;
/** A day's readings are told once late ones have had some hours to come. */
const DAY_SETTLES_MS = 4 * 3_600_000;
/** Statements and vendors' files bring a day some days after; what comes later still is read with a key. */
export const LATE_DAYS = 31;
const DAY_MS = 24 * 3_600_000;
const ERROR_CHARS_MAX = 200;

export type WebhookPorts = {
  webhooks: Webhooks;
  unseal(endpointId: string, sealed: string): string | null;
  /** Where a host leads now, by what the whole internet is told; throws where nobody can tell. Null: it need not be known. */
  addressesOf(host: string): Promise<string[] | null>;
  /** Posts, follows no redirect, and throws where nobody answers in time. */
  post(url: string, headers: Record<string, string>, body: string): Promise<{ status: number }>;
  now(): number;
  utcOffsetMinutes: number;
};

/** The newest local day whose readings are told. */
const settledDay = (now: number, utcOffsetMinutes: number) => localDay(now - DAY_SETTLES_MS - DAY_MS, utcOffsetMinutes);

/**
 * A night's look at the days before: a site's day that came late is told whole, and of those that were told the accounts that are
 * other by now.
 */
export async function tellLateDays(
  ports: Pick<WebhookPorts, "webhooks" | "utcOffsetMinutes">,
  now: number,
): Promise<void> {
  const from = localDay(now - LATE_DAYS * DAY_MS, ports.utcOffsetMinutes);
  await ports.webhooks.noteDays(from, settledDay(now, ports.utcOffsetMinutes));
  await ports.webhooks.noteLate(from);
}

/** A minute of telling others. Answers whether more is due. */
export async function sendWebhooks(ports: WebhookPorts): Promise<boolean> {
  const now = ports.now();
  const day = settledDay(now, ports.utcOffsetMinutes);
  await ports.webhooks.noteDays(day, day);
  const spread = await ports.webhooks.spread(now, AGED_MS, SPREAD_MAX);
  const due = await ports.webhooks.claim(now, LEASE_MS, TRIES_MAX);
  await Promise.all(due.map(async (delivery) => ports.webhooks.settle(await tried(ports, delivery))));
  return spread === SPREAD_MAX || due.length === TRIES_MAX;
}

async function tried(ports: WebhookPorts, due: DueDelivery): Promise<Tried> {
  const body = JSON.stringify({ type: due.type, timestamp: new Date(due.at).toISOString(), data: due.body });
  const which = { eventId: due.eventId, endpointId: due.endpointId };
  try {
    const secrets = due.sealedSecrets.flatMap((sealed) => ports.unseal(due.endpointId, sealed) ?? []);
    if (secrets.length === 0) throw new Error("no secret of this endpoint can be opened: rotate it");
    await mustBePublic(ports, due.url);
    const time = Math.floor(ports.now() / 1_000);
    const headers = signedHeaders(secrets, { id: due.eventKey, time, body });
    const { status } = await ports.post(due.url, { ...headers, "Content-Type": "application/json" }, body);
    if (status >= 200 && status < 300) return { ...which, at: ports.now(), status, error: null, state: "told" };
    return { ...which, ...failed(due, ports.now()), status, error: null };
  } catch (thrown) {
    const error = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, ERROR_CHARS_MAX);
    return { ...which, ...failed(due, ports.now()), status: null, error };
  }
}

/**
 * A name that leads into a network where nobody outside has business is told nothing: it was public when it was typed in and may be
 * anything now. Looked at before each try; which address is taken then is the platform's to decide (docs/neighbours.md).
 */
async function mustBePublic({ addressesOf }: WebhookPorts, url: string) {
  const { hostname } = new URL(url);
  const addresses = await addressesOf(hostname);
  if (addresses === null) return;
  if (addresses.length === 0) throw new Error(`${hostname} leads nowhere`);
  const isInner = addresses.some((address) => !isPublicAddress(address));
  if (isInner) throw new Error(`${hostname} leads to an address that is not public: nothing is sent there`);
}

function failed({ attempts }: DueDelivery, at: number) {
  const nextAt = nextTryAt(attempts, at);
  return nextAt === null ? { at, state: "given_up" as const } : { at, state: "waiting" as const, nextAt };
}
