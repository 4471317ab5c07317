import { sendCarrierSms } from "../../src/services/send-carrier-sms.ts";
import { gateOf, mailboxOf } from "../objects/locate.ts";
import { clockOf, countryOf } from "../ports.ts";
import { carrierBookOf, carrierOf } from "../sms-channels.ts";
import type { Job } from "./job.ts";

/** Every minute, and as soon as an SMS is put there: what the bulk carrier may send now. */
export const carrierSmsJob: Job = async (env) => {
  await sendCarrierSms({
    country: countryOf(env),
    carrier: carrierOf(env),
    book: carrierBookOf(env),
    gate: { phones: () => gateOf(env).phones() },
    enqueue: (phoneId, sms) => mailboxOf(env, phoneId).enqueue(sms),
    now: () => clockOf(env).now(),
  });
  return null;
};
