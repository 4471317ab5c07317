import { neonWebhooks } from "../../src/adapters/neon/webhooks.ts";
import { addressesOf } from "../../src/adapters/public-dns.ts";
import { sendWebhooks } from "../../src/services/send-webhooks.ts";
import { isLaptop, webhookOwner } from "../portal/webhooks.ts";
import { clockOf, countryOf, databaseOf } from "../ports.ts";
import { signInPortsOf } from "../session.ts";
import type { Job } from "./job.ts";

const LAPTOP = "127.0.0.1";
/** One try; a system that takes longer is asked again. */
const TRY_MS_MAX = 10_000;
/** Turns of one message: after a day's silence hundreds wait. */
const TURNS_MAX = 10;

/** Every minute: what happened is told to whoever asked to be told. */
export const webhooksJob: Job = async (env, page) => {
  const turn = typeof page === "number" ? page : 1;
  const { secrets } = signInPortsOf(env);
  const isMore = await sendWebhooks({
    webhooks: neonWebhooks(databaseOf(env)),
    unseal: (endpointId, sealed) => secrets.unseal(webhookOwner(endpointId), sealed),
    // The only inner address that may be typed in, and in the world of a laptop alone.
    addressesOf: (host) => (isLaptop(env) && host === LAPTOP ? Promise.resolve(null) : addressesOf(host)),
    async post(url, headers, body) {
      // A redirect is no answer: it may lead where the address itself was refused.
      const signal = AbortSignal.timeout(TRY_MS_MAX);
      const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
      await response.body?.cancel();
      return { status: response.status };
    },
    now: () => clockOf(env).now(),
    utcOffsetMinutes: countryOf(env).utcOffsetMinutes,
  });
  return isMore && turn < TURNS_MAX ? { next: turn + 1 } : null;
};
