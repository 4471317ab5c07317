import { orDown } from "../../../src/adapters/neon/database.ts";
import { neonRetention } from "../../../src/adapters/neon/retention.ts";
import { COUNTRIES, type CountryCode } from "../../../src/domain/country.ts";
import type { SmsRoute } from "../../../src/domain/sms-route.ts";
import type { PhonePulse } from "../../../src/ports/gate.ts";
import type { MailboxRestores } from "../../../src/ports/mailbox-restores.ts";
import type { EnqueueAnswer, OutgoingSms } from "../../../src/ports/mailboxes.ts";
import type { SmsProcessor } from "../../../src/ports/sms-processor.ts";
import type { Env, ForwardMessage } from "../../env.ts";
import { databaseOf, processorFor } from "../../ports.ts";
import { enqueueAt, smsRoute } from "../../sms-channels.ts";
import { gateOf, tillOf } from "../locate.ts";
import { restoresOf } from "../restores.ts";

/** What a Mailbox reaches outside itself. A test replaces what it is about. */
export type MailboxWorld = {
  processor: SmsProcessor;
  /** True where an old system takes this channel's SMS. */
  forwards: (channel: "electricity" | "fees") => boolean;
  onAmbiguousForward: "retry" | "park";
  sendForward: (message: ForwardMessage) => Promise<void>;
  tellGate: (pulse: PhonePulse) => Promise<void>;
  tellTill: (tillId: string, phoneId: string, polledAt: number) => Promise<void>;
  phones: () => Promise<PhonePulse[]>;
  /** At another phone, or at the carrier. */
  enqueueAt: (channel: string, sms: OutgoingSms, from: string) => Promise<EnqueueAnswer>;
  /** By which channel a kind goes. */
  route: (kind: string | null) => Promise<SmsRoute>;
  /** Days for which rows are kept once Postgres has them. */
  keepDays: () => Promise<number | "down">;
  /** Null: nothing to load from, a phone that was never configured here is unknown. */
  restores: MailboxRestores | null;
};

export const mailboxWorld = (env: Env): MailboxWorld => ({
  processor: processorFor(env),
  forwards: (channel) => Boolean(channel === "fees" ? env.LEGACY_FEES_SMS_URL : env.LEGACY_SMS_URL),
  onAmbiguousForward: COUNTRIES[env.COUNTRY as CountryCode].onAmbiguousForward,
  sendForward: async (message) => {
    await env.LEGACY_FORWARD.send(message);
  },
  tellGate: (pulse) => gateOf(env).pulse(pulse),
  tellTill: (tillId, phoneId, polledAt) => tillOf(env, tillId).polled(phoneId, polledAt),
  phones: () => gateOf(env).phones(),
  enqueueAt: (channel, sms, from) => enqueueAt(env, channel, sms, from),
  route: (kind) => smsRoute(env, kind),
  keepDays: async () =>
    env.DATABASE_URL === undefined
      ? "down"
      : orDown("retention", async () => (await neonRetention(databaseOf(env)).kept()).retention.mailboxDays),
  restores: env.DATABASE_URL === undefined ? null : restoresOf(env),
});
