import type { Language } from "../domain/country.ts";
import { choosePhone } from "../domain/sms-choice.ts";
import type { ContractLink, ContractRow, Contracts } from "../ports/contracts.ts";
import { log } from "../ports/log.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import type { Change } from "../ports/registry.ts";
import { type SmsPorts, writeSms } from "./send-sms.ts";

export type ContractLinkPorts = SmsPorts & {
  contracts: Pick<Contracts, "addLink" | "linkOfSms">;
  enqueue: (phoneId: string, sms: OutgoingSms) => Promise<EnqueueAnswer>;
  /** The whole address that opens the contract. */
  urlOf: (link: ContractLink) => string;
};

/** A link opens a contract for so long. */
export const LINK_DAYS = 90;
const DAY_MS = 86_400_000;
/** An SMS that no phone has sent by then is not sent. */
const SMS_DAYS = 7;

export type LinkSms = { status: "queued" | "exists" } | { status: "not_sent"; because: string };

/**
 * Sends the link of a contract once: its SMS is named by the account and what it is about, and is bound to one phone before it
 * is handed over. What fails is told, never thrown; the same again ends it well.
 */
export async function sendContractLink(
  ports: ContractLinkPorts,
  contract: ContractRow,
  to: { phone: string | null; language: Language },
  about: string,
  by: Change,
): Promise<LinkSms> {
  if (to.phone === null) return { status: "not_sent", because: "the customer has no phone" };
  const smsId = `contract-sms:${contract.account}:${about}`;
  try {
    const link = (await ports.contracts.linkOfSms(smsId)) ?? (await bind(ports, contract, smsId, by));
    if (link?.phoneId == null) return { status: "not_sent", because: "no gateway phone serves this country" };
    const { sms } = await writeSms(
      ports,
      {
        key: smsId,
        to: to.phone,
        account: contract.account,
        language: to.language,
        kind: "contract",
        receipt: null,
        link: ports.urlOf(link),
        createdAt: by.at,
        expiresAt: by.at + SMS_DAYS * DAY_MS,
      },
      link.phoneId,
    );
    const answer = await ports.enqueue(link.phoneId, sms);
    if (answer.status === "queued" || answer.status === "exists") return { status: answer.status };
    return {
      status: "not_sent",
      because: answer.status === "refused" ? answer.because : "the gateway phone is not ready",
    };
  } catch (thrown) {
    log.warn("contract sms", { error: thrown instanceof Error ? thrown.name : "unknown" });
    return { status: "not_sent", because: "something failed here; send the same again" };
  }
}

async function bind(ports: ContractLinkPorts, { contractId }: ContractRow, smsId: string, by: Change) {
  const phone = choosePhone(await ports.gate.phones(), by.at);
  const expiresAt = linkExpiry(by.at);
  return phone === null ? null : ports.contracts.addLink({ contractId, expiresAt, smsId, phoneId: phone.phoneId }, by);
}

/** Whole seconds, as the token has them. */
export const linkExpiry = (now: number, days = LINK_DAYS): number => Math.floor((now + days * DAY_MS) / 1_000) * 1_000;
