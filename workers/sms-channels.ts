import { cmClient } from "../src/adapters/cm/cm-client.ts";
import { neonCarrierBook } from "../src/adapters/neon/carrier-sms.ts";
import { CARRIER_ID, routeOf, type SmsRoute } from "../src/domain/sms-route.ts";
import type { Carrier, CarrierBook } from "../src/ports/carrier.ts";
import { log } from "../src/ports/log.ts";
import type { EnqueueAnswer, OutgoingSms } from "../src/ports/mailboxes.ts";
import type { Env } from "./env.ts";
import { directoryOf, mailboxOf } from "./objects/locate.ts";
import { clockOf, databaseOf } from "./ports.ts";

/** The job that sends what the carrier has. */
export const CARRIER_JOB = "carrier-sms";

/** Null: this country has no bulk carrier, and everything goes by phone. */
export const carrierOf = (env: Env): Carrier | null => {
  const { CM_URL: url, CM_TOKEN: token, CM_SENDER: sender } = env;
  return url === undefined || token === undefined || sender === undefined ? null : cmClient({ url, token, sender });
};
export const hasCarrier = (env: Env): boolean => carrierOf(env) !== null;
export const carrierBookOf = (env: Env): CarrierBook => neonCarrierBook(databaseOf(env));

/** The route of a kind. Nobody waits for it: where it cannot be told, an SMS goes by phone. */
export async function smsRoute(env: Env, kind: string | null): Promise<SmsRoute> {
  if (!hasCarrier(env)) return "phone";
  const setting = await directoryOf(env)
    .carrierSetting()
    .catch(() => null);
  return routeOf(setting, kind, true);
}

/** Into a phone's Mailbox, or to the carrier. `from`: the phone that hands it over; null: none had it. */
export async function enqueueAt(
  env: Env,
  channel: string,
  sms: OutgoingSms,
  from: string | null,
): Promise<EnqueueAnswer> {
  if (channel !== CARRIER_ID) return mailboxOf(env, channel).enqueue(sms);
  try {
    const answer = await carrierBookOf(env).put(sms, from, clockOf(env).now());
    // Only the faster road: the clock starts the same job every minute.
    if (answer.status === "queued") await env.JOBS.send({ job: CARRIER_JOB, page: null }).catch(() => {});
    return answer;
  } catch (thrown) {
    log.warn("carrier", { error: thrown });
    return { status: "not_ready" };
  }
}
