import { sendWelcomes } from "../../src/services/send-welcomes.ts";
import { directoryOf, gateOf, mailboxOf } from "../objects/locate.ts";
import { clockOf, countryOf, welcomesOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Every minute: the welcomes that this minute allows. */
export const welcomeSms: Job = async (env) => {
  await sendWelcomes(
    {
      country: countryOf(env),
      welcomes: welcomesOf(env),
      gate: { phones: () => gateOf(env).phones() },
      directory: { template: (kind, languages) => directoryOf(env).template(kind, languages) },
      waitingAt: async (phoneId) => (await mailboxOf(env, phoneId).view())?.outgoingWaiting ?? null,
      enqueue: (phoneId, sms) => mailboxOf(env, phoneId).enqueue(sms),
    },
    clockOf(env).now(),
  );
  return null;
};
