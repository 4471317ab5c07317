import { log } from "../../src/ports/log.ts";
import type { SmsForward, SmsName } from "../../src/ports/mailboxes.ts";
import type { Env } from "../env.ts";
import { mailboxOf } from "../objects/locate.ts";

/** What the phone's Mailbox knows of passing a text on to the old system; null: it did not answer, or passes none on. */
export async function forwardOf(env: Env, sms: SmsName & { phoneId: string }): Promise<SmsForward | null> {
  try {
    return await mailboxOf(env, sms.phoneId).forwardOf(sms);
  } catch (thrown) {
    log.warn("forward", { phoneId: sms.phoneId, error: thrown });
    return null;
  }
}
