import { createHash } from "node:crypto";
import { progressOf, type Refusal } from "../domain/commissioning.ts";
import { type ContractTerms, contractDocument, type Signatures } from "../domain/contract/contract.ts";
import type { Country, Language } from "../domain/country.ts";
import type { CustomerFields } from "../domain/customer.ts";
import { localDay } from "../domain/local-day.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { resolveTariff } from "../domain/tariff.ts";
import type { CommissioningFacts, Commissionings, NewContract, Placing } from "../ports/commissioning.ts";
import type { ContractPrinter } from "../ports/contract-printer.ts";
import type { ContractFiles, ContractRow, ContractSubject, Contracts } from "../ports/contracts.ts";
import type { Change, RegistryRefusal } from "../ports/registry.ts";
import { decideAll, type Said, TRIES_MAX } from "./record-commissioning.ts";

export type CommissionPorts = {
  country: Country;
  commissionings: Pick<Commissionings, "facts" | "commission">;
  contracts: Pick<Contracts, "subject" | "ofAccount">;
  files: Pick<ContractFiles, "put">;
  printer: ContractPrinter;
};

export type CommissionRequest = {
  account: string;
  /** Names the act: the same again makes no second contract. */
  key: string;
  /** Of all that was asked, signatures too. */
  requestSha256: string;
  /** Whose account and where it is meant to be, if the asker says so; checked against the records. */
  customerId: number | null;
  site: string | null;
  connectedOn: string;
  servicePhase: "single" | "three";
  ampacityA: number | null;
  fields: Partial<CustomerFields>;
  place: Placing | null;
  signatures: Signatures;
  staffName: string;
};

export type CommissionRefusal =
  | RegistryRefusal
  | { kind: "unknown_account" }
  | { kind: "key_reused" }
  | { kind: "not_theirs"; field: "customerId" | "site"; value: number | string; expected: number | string }
  | { kind: "step"; because: Refusal }
  | { kind: "no_national_id" }
  | { kind: "no_tariff" }
  | { kind: "busy" };

export type Commissioned = { status: "created" | "exists"; contracts: ContractRow[] };

/**
 * The whole act: the contracts as PDFs first, then everything that is written in one transaction. What fails before it leaves
 * a file that nothing names and no link opens; what fails after it is found done by the same again.
 */
export async function commissionAccount(
  ports: CommissionPorts,
  request: CommissionRequest,
  by: Change,
): Promise<Result<Commissioned, CommissionRefusal>> {
  const { account } = request;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const subject = await ports.contracts.subject(account);
    const [facts] = await ports.commissionings.facts([account]);
    if (subject === null || facts === undefined) return err({ kind: "unknown_account" });
    const actKey = `${account}:${request.key}`;
    const done = subject.contracts.filter((contract) => contract.actKey === actKey);
    if (done.length > 0)
      return done.every(({ requestSha256 }) => requestSha256 === request.requestSha256)
        ? ok({ status: "exists", contracts: done })
        : err({ kind: "key_reused" });
    const decided = decide(facts, subject, request, ports.country, by.at);
    if (!decided.ok) return decided;
    const { terms, events, commissionedSeq } = decided.value;
    const contracts: NewContract[] = [];
    for (const language of ports.country.languages)
      contracts.push(await makeContract(ports, request, terms, { language, actKey, commissionedSeq }));
    const { customerId, version } = subject.customer;
    const write = { customerId, version, fields: request.fields, place: request.place, events, contracts };
    const written = await ports.commissionings.commission(write, by);
    if (written.ok) {
      const made = (await ports.contracts.ofAccount(account)).filter((contract) => contract.actKey === actKey);
      return ok({ status: "created", contracts: made });
    }
    if (written.error.kind !== "stale") return err(written.error);
  }
  return err({ kind: "busy" });
}

type Decision = { terms: ContractTerms; events: ReturnType<typeof decideAll>["events"]; commissionedSeq: number };

function decide(
  facts: CommissioningFacts,
  { customer, siteName, rates, contracts }: ContractSubject,
  request: CommissionRequest,
  country: Country,
  now: number,
): Result<Decision, CommissionRefusal> {
  const { account, connectedOn, customerId, site, place } = request;
  if (customerId !== null && customerId !== customer.customerId)
    return err({ kind: "not_theirs", field: "customerId", value: customerId, expected: customer.customerId });
  if (site !== null && site !== facts.site)
    return err({ kind: "not_theirs", field: "site", value: site, expected: facts.site });
  const known = { ...customer, ...request.fields };
  if (known.nationalId === null) return err({ kind: "no_national_id" });

  const placed =
    place === null
      ? []
      : [{ meterNumber: place.meterNumber, from: localDay(place.from, country.utcOffsetMinutes), to: null }];
  const meters = [...facts.meters, ...placed];
  const progress = progressOf(facts.events);
  const record = (step: "meter_installed" | "commissioned"): Said => ({
    account,
    ask: { act: "record", step, day: connectedOn },
    reason: null,
  });
  const said = [
    ...(progress.reached.meter_installed === undefined ? [record("meter_installed")] : []),
    record("commissioned"),
  ];
  const { events, results } = decideAll([{ ...facts, meters }], said, country, now);
  for (const result of results)
    if (result.status === "refused" && result.because.kind !== "unknown_account")
      return err({ kind: "step", because: result.because });
  const commissionedSeq = events.find(({ step }) => step === "commissioned")?.seq ?? progress.reached.commissioned?.seq;
  // The same day as before its end: that contract was of then.
  if (commissionedSeq === undefined || (progress.isTerminated && results.at(-1)?.status === "exists"))
    return err({
      kind: "step",
      because: { kind: "terminated", on: progress.terminatedOn, expected: "a later day, or its termination withdrawn" },
    });

  const { rateE4PerKwh, tariffId, scope, validFrom } = resolveTariff(rates, now);
  if (rateE4PerKwh === null || scope === null || validFrom === null) return err({ kind: "no_tariff" });
  const meter = meters.findLast(({ from, to }) => from <= connectedOn && (to === null || to >= connectedOn));
  const status = events.find(({ step }) => step === "commissioned")?.status ?? facts.status;
  const terms: ContractTerms = {
    account,
    version: 1 + Math.max(0, ...contracts.map((contract) => contract.version)),
    madeAt: now,
    customer: {
      name: known.name,
      nationalId: known.nationalId,
      phones: known.phones,
      email: known.email,
      plotNumber: known.plotNumber,
      place: known.place,
      district: known.district,
      latitude: known.latitude,
      longitude: known.longitude,
      customerType: known.customerType,
    },
    site: { code: facts.site, name: siteName },
    status: status === "postpaid" ? "postpaid" : "live",
    connectedOn,
    servicePhase: request.servicePhase,
    ampacityA: request.ampacityA,
    meterNumber: meter?.meterNumber ?? "",
    tariff: { rateE4PerKwh, tariffId, scope, validFrom },
    staffName: request.staffName,
  };
  return ok({ terms, events, commissionedSeq });
}

async function makeContract(
  { country, printer, files }: Pick<CommissionPorts, "country" | "printer" | "files">,
  { account, requestSha256, servicePhase, ampacityA, signatures }: CommissionRequest,
  terms: ContractTerms,
  { language, actKey, commissionedSeq }: { language: Language; actKey: string; commissionedSeq: number },
): Promise<NewContract> {
  const { bytes, pages } = await printer.print(contractDocument(terms, signatures, language, country));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const objectKey = `contract/${sha256}.pdf`;
  await files.put(objectKey, bytes, sha256);
  const { version, tariff } = terms;
  return {
    account,
    version,
    language,
    actKey,
    requestSha256,
    commissionedSeq,
    servicePhase,
    ampacityA,
    tariffId: tariff.tariffId,
    rateE4PerKwh: tariff.rateE4PerKwh,
    terms,
    objectKey,
    sha256,
    bytes: bytes.length,
    pages,
  };
}
