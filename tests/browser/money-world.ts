import { randomInt } from "node:crypto";
import { MedicPhone } from "../../dev/medic-phone.ts";
import { SampleTill } from "../../dev/samples.ts";
import { ask, until } from "../stories/world.ts";
import { world } from "./browser.ts";

const SEEN_MS_MAX = 60_000;

/**
 * A till with one phone of its own in Lesotho, so that no journey meets the chain or the caps of another. `channel`: of electricity, or
 * the number of the contract.
 */
export async function ownTill(channel: "electricity" | "fees" = "electricity") {
  const { url, opsKey, gatewayKey, providerKey, customers } = world().countries.LS;
  // Receipts are drawn from the seed: another one each time, also in a world that has run before.
  const seed = randomInt(1_000, 900_000);
  const tillId = `journey-${seed}`;
  const ops = async <T>(method: string, path: string, json?: unknown): Promise<T> => {
    const headers = { "X-Ops-Key": opsKey, "X-Actor": "journey maker" };
    const answer = await ask<T>(`${url}/api/ops${path}`, { method, headers, ...(json === undefined ? {} : { json }) });
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await ops("POST", "/tills", { tillId, name: `Journey ${seed}`, senders: ["MPESA"] });
  const phoneId = `journey-${seed}-a`;
  const { medicUrl } = await ops<{ medicUrl: string }>("POST", "/phones", {
    phoneId,
    name: "Journey phone",
    tillId,
    channel,
  });
  const phone = new MedicPhone({ url: medicUrl });
  const till = new SampleTill({ operator: "mpesa", seed });

  /** Somebody pays by mobile money, and the phone passes the text on; answers the receipt. */
  const pay = async (of: { account: string | null; amountMinor: number; phone?: string }): Promise<string> => {
    const { sms, payment } = till.pay({ ...of, at: Date.now() });
    phone.store(sms);
    await phone.wake();
    await stateUntil(payment.receipt, () => true);
    return payment.receipt;
  };
  type State = { generation: number; phase: string; shares: { holder: { kind: string; account?: string } }[] };
  const stateUntil = (receipt: string, fits: (state: State) => boolean) =>
    until(`receipt ${receipt}`, SEEN_MS_MAX, () => ops<State>("GET", `/receipts/${receipt}`), fits);
  /** In the database, where the portal's lists look. */
  const recorded = (receipt: string) => stateUntil(receipt, ({ phase }) => phase === "closed");

  /** The operator's own word about a payment. */
  const webhook = (receipt: string, account: string, amountMinor: number) =>
    ask<{ status?: string; account_number?: string; error?: { kind: string } }>(`${url}/api/payments/webhook`, {
      headers: { "X-Gateway-Key": providerKey },
      json: { account_number: account, amount: (amountMinor / 100).toFixed(2), reference: receipt, provider: "mpesa" },
    });
  return { url, tillId, phoneId, phone, till, pay, recorded, stateUntil, webhook, ops, gatewayKey, customers, seed };
}
export type OwnTill = Awaited<ReturnType<typeof ownTill>>;
