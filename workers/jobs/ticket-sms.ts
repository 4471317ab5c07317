import { neonTicketNotices } from "../../src/adapters/neon/ticket-sms.ts";
import { tellResolved } from "../../src/services/tell-resolved.ts";
import { directoryOf, gateOf } from "../objects/locate.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import { carrierBookOf, enqueueAt, smsRoute } from "../sms-channels.ts";
import type { Job } from "./job.ts";

/** Every five minutes: whoever asked by SMS is told that their ticket is resolved. */
export const ticketSmsJob: Job = async (env) => {
  await tellResolved(
    {
      country: countryOf(env),
      notices: neonTicketNotices(databaseOf(env)),
      gate: { phones: () => gateOf(env).phones() },
      directory: { template: (kind, languages) => directoryOf(env).template(kind, languages) },
      route: (kind) => smsRoute(env, kind),
      enqueue: (channel, sms) => enqueueAt(env, channel, sms, null),
      quiet: (await carrierBookOf(env).setting())?.quiet,
    },
    clockOf(env).now(),
  );
  return null;
};
