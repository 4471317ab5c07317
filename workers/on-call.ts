import { type OnCall, type OnCallSettings, readOnCall } from "../src/domain/on-call.ts";
import { type OnCallPorts, TRY_MS_MAX } from "../src/services/tell-on-call.ts";
import type { Env } from "./env.ts";
import { onCallSettings } from "./keys.ts";
import { directoryOf, gateOf, mailboxOf } from "./objects/locate.ts";
import { clockOf } from "./ports.ts";

export const onCallOf = (env: Env): OnCall => readOnCall(onCallSettings(env) satisfies OnCallSettings);

export const onCallPortsOf = (env: Env): OnCallPorts => ({
  country: env.COUNTRY,
  gate: { phones: () => gateOf(env).phones() },
  enqueue: (phoneId, sms) => mailboxOf(env, phoneId).enqueue(sms),
  keepPhone: (id, channel, phoneId) => directoryOf(env).keepAlarmPhone(id, channel, phoneId),
  async post(url, headers, body) {
    // A redirect is no answer: it may lead where the address itself was refused.
    const signal = AbortSignal.timeout(TRY_MS_MAX);
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await response.body?.cancel();
    return { status: response.status };
  },
  now: () => clockOf(env).now(),
});
