import { neonContracts } from "../../src/adapters/neon/contracts.ts";
import { pdfPrinter } from "../../src/adapters/pdf/print-contract.ts";
import type { ContractFiles, ContractLink, Contracts } from "../../src/ports/contracts.ts";
import type { CommissionPorts } from "../../src/services/commission-account.ts";
import type { ContractLinkPorts } from "../../src/services/send-contract-link.ts";
import type { Env } from "../env.ts";
import { hashedFiles } from "../hashed-files.ts";
import { directoryOf, gateOf, mailboxOf } from "../objects/locate.ts";
import { restoresOf } from "../objects/restores.ts";
import { commissioningsOf, countryOf, databaseOf } from "../ports.ts";
import { linkToken } from "../signed-link.ts";

export const contractsOf = (env: Env): Contracts =>
  neonContracts(databaseOf(env), async (account) => {
    const facts = await restoresOf(env).accountFacts(account);
    if (facts === "down") throw new Error("the database does not answer");
    return facts?.rates ?? [];
  });

export const contractFilesOf = ({ CONTRACTS }: Pick<Env, "CONTRACTS">): ContractFiles =>
  hashedFiles(CONTRACTS, "application/pdf");

const printer = pdfPrinter();
export const commissionPortsOf = (env: Env): CommissionPorts => ({
  country: countryOf(env),
  commissionings: commissioningsOf(env),
  contracts: contractsOf(env),
  files: contractFilesOf(env),
  printer,
});

/** `origin` is where this deployment was asked: the link leads there. */
export const contractLinkPortsOf = (env: Env, origin: string): ContractLinkPorts => ({
  country: countryOf(env),
  gate: { phones: () => gateOf(env).phones() },
  directory: { template: (kind, languages) => directoryOf(env).template(kind, languages) },
  contracts: contractsOf(env),
  enqueue: (phoneId, sms) => mailboxOf(env, phoneId).enqueue(sms),
  urlOf: (link) => contractUrl(env, origin, link),
});

/** Ids and a signature, no name of anybody: who finds the address in a log learns nothing. */
export const contractUrl = (env: Env, origin: string, { contractId, linkId, expiresAt }: ContractLink): string =>
  `${origin}/c/${linkToken(env, { purpose: "contract", subject: `${contractId}-${linkId}`, expiresAt })}`;
