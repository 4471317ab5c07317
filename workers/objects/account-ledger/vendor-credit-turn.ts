import type { CreditWriterSetting } from "../../../src/domain/credit-writer.ts";
import type { CreditCall, VendorCredit } from "../../../src/domain/vendor-credit.ts";
import { log } from "../../../src/ports/log.ts";
import type { VendorAnswer, VendorCredits } from "../../../src/ports/vendor-credits.ts";
import { within } from "../turns.ts";
import type { CreditDoor } from "./credit-door.ts";
import type { Desks } from "./desks.ts";

/** Credits of one account in one turn, and calls for one of them: looked for, sent, looked for. */
const CREDITS_MAX = 20;
const CALLS_MAX = 4;
/** The vendor's writes were seen to take a minute and a half. */
const CALL_MS_MAX = 100_000;
/** How long it may take to say who credits the site. */
const WRITERS_MS_MAX = 5_000;

type Host = { desks: Desks; now: () => number; transact: <T>(step: () => T) => T; door: CreditDoor };

/** Makes the calls that are due. Each is written down before it is made, so that dying in the middle leaves it to be looked for. */
export async function sendDueCredits({ desks, now, transact, door }: Host): Promise<void> {
  const facts = () => desks.tables.meta()?.facts ?? null;
  const due = desks.credits.table.due(now(), CREDITS_MAX);
  const site = facts()?.account.slice(-3);
  if (due.length === 0 || site === undefined) return;
  // Asked once, and only when something is to be sent: also after a look that found nothing.
  let writers: CreditWriterSetting[] | null | undefined;
  for (const { externalId, vendor } of due) {
    const isOn = desks.country.features.meterCredit;
    const port = isOn ? door.vendor(vendor) : null;
    for (let n = 0; n < CALLS_MAX; n++) {
      const isToSend = desks.credits.table.find(externalId)?.next === "send";
      if (isToSend && writers === undefined) writers = await writersOf(door, site);
      const begun = transact(() => {
        const known = facts();
        return known === null
          ? null
          : desks.credits.begin(known, externalId, { writers: writers ?? null, vendorSet: port !== null, isOn }, now());
      });
      if (begun === null || port === null) break;
      const [call, credit] = begun;
      const answer = await answerOf(port, call, credit);
      const isDueAgain = transact(() => {
        const known = facts();
        return known !== null && desks.credits.learn(known, externalId, call, answer, now());
      });
      if (!isDueAgain) break;
    }
  }
}

async function writersOf(door: CreditDoor, site: string) {
  try {
    return await within(WRITERS_MS_MAX, door.writers(site));
  } catch (thrown) {
    log.warn("credit writers", { error: thrown });
    return null;
  }
}

async function answerOf(port: VendorCredits, call: CreditCall, credit: VendorCredit): Promise<VendorAnswer> {
  try {
    return await within(CALL_MS_MAX, ask(port, call, credit));
  } catch (thrown) {
    return { came: "none", detail: String(thrown) };
  }
}

function ask(port: VendorCredits, call: CreditCall, credit: VendorCredit): Promise<VendorAnswer> {
  const { customerCode, amountMinor, currency, memo, vendorId } = credit;
  const externalId = credit.sentAs ?? credit.externalId;
  if (call === "find") return port.find(externalId, customerCode);
  if (call === "reverse") return port.reverse(vendorId ?? "", externalId);
  return port.send({ externalId, customerCode, amountMinor, currency, memo });
}
