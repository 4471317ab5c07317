import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { pdfPrinter } from "../../src/adapters/pdf/print-contract.ts";
import { COUNTRIES } from "../../src/domain/country.ts";
import { err, ok } from "../../src/domain/result.ts";
import type { CommissioningFacts, CommissionWrite, StoredEvent } from "../../src/ports/commissioning.ts";
import type { ContractLink, ContractRow, ContractSubject } from "../../src/ports/contracts.ts";
import type { EnqueueAnswer, OutgoingSms } from "../../src/ports/mailboxes.ts";
import {
  type CommissionPorts,
  type CommissionRequest,
  commissionAccount,
} from "../../src/services/commission-account.ts";
import { type ContractLinkPorts, sendContractLink } from "../../src/services/send-contract-link.ts";
import { contractFilesOf, contractUrl } from "../../workers/portal/contract-ports.ts";
import { pdfAnswer } from "../../workers/portal/pdf-answer.ts";
import { openLink } from "../../workers/signed-link.ts";
import { png } from "../pictures.ts";
import { settings } from "./country.ts";

const NOW = Date.UTC(2026, 10, 28, 10);
const by = { actor: "Lineo", reason: null, at: NOW };
const files = contractFilesOf(settings);

const REGISTERED: StoredEvent = {
  seq: 1,
  step: "registered",
  kind: "done",
  day: "2026-11-01",
  refersTo: null,
  at: 0,
  wasStatus: null,
  actor: null,
  reason: null,
  recordedAt: 0,
};

/** The records, as a list in memory: what is written in one transaction is there, or nothing of it is. */
class Records {
  facts: CommissioningFacts = {
    account: "0045MAK",
    accountId: 45,
    site: "MAK",
    customerId: 12,
    status: "live",
    openedAt: Date.UTC(2026, 10, 1),
    events: [REGISTERED],
    charged: [],
    meters: [{ meterNumber: "23099001", from: "2026-11-02", to: null }],
  };
  contracts: ContractRow[] = [];
  rates: ContractSubject["rates"] = [{ tariffId: 3, scope: "global", rateE4PerKwh: 50_000, validFrom: 0 }];
  nationalId: string | null = null;
  writes: CommissionWrite[] = [];
  fails: ("stale" | "down")[] = [];
  meanwhile: () => void = () => undefined;

  async commission(write: CommissionWrite) {
    const fault = this.fails.shift();
    if (fault === "down") throw new Error("no answer");
    if (fault === "stale") {
      this.meanwhile();
      return err({ kind: "stale" as const });
    }
    this.writes.push(write);
    for (const event of write.events)
      this.facts.events.push({ ...event, wasStatus: null, actor: by.actor, recordedAt: NOW });
    for (const made of write.contracts)
      this.contracts.push({
        ...made,
        contractId: this.contracts.length + 1,
        connectedOn: "2026-11-03",
        actor: by.actor,
        createdAt: NOW,
      });
    return ok({ version: 1 });
  }
}

let records: Records;
const ports = (): CommissionPorts => ({
  country: COUNTRIES.LS,
  printer: pdfPrinter(),
  files,
  commissionings: { facts: async () => [records.facts], commission: (write) => records.commission(write) },
  contracts: {
    ofAccount: async () => records.contracts,
    subject: async () => ({
      siteName: "Ha Makebe",
      rates: records.rates,
      contracts: records.contracts,
      customer: {
        customerId: 12,
        version: 4,
        name: "Thabo Mokoena",
        phones: ["26650000101"],
        email: null,
        language: "st",
        nationalId: records.nationalId,
        customerType: "HH1",
        plotNumber: null,
        latitude: null,
        longitude: null,
        place: null,
        district: null,
      },
    }),
  },
});
const request = (over: Partial<CommissionRequest> = {}): CommissionRequest => ({
  account: "0045MAK",
  key: "act-0001",
  requestSha256: "a".repeat(64),
  customerId: 12,
  site: "MAK",
  connectedOn: "2026-11-03",
  servicePhase: "single",
  ampacityA: null,
  fields: { nationalId: "1234" },
  place: null,
  signatures: { customer: new Uint8Array(png()), staff: null },
  staffName: "Lineo Ramatla",
  ...over,
});
const commission = (over: Partial<CommissionRequest> = {}) => commissionAccount(ports(), request(over), by);
const stored = async () => (await settings.CONTRACTS.list()).objects;

beforeEach(async () => {
  records = new Records();
  for (const { key } of await stored()) await settings.CONTRACTS.delete(key);
});

describe("the act", () => {
  it("puts a PDF of each language away first, then writes everything at once", async () => {
    const done = await commission();
    expect(done).toMatchObject({ ok: true, value: { status: "created" } });
    const [write] = records.writes;
    expect(write?.events.map(({ step, day }) => [step, day])).toEqual([
      ["meter_installed", "2026-11-03"],
      ["commissioned", "2026-11-03"],
    ]);
    expect(write).toMatchObject({ customerId: 12, version: 4, fields: { nationalId: "1234" } });
    expect(records.contracts.map(({ language, version }) => [language, version])).toEqual([
      ["st", 1],
      ["en", 1],
    ]);
    for (const contract of records.contracts) {
      const bytes = await files.get(contract.objectKey);
      expect(
        createHash("sha256")
          .update(bytes ?? "")
          .digest("hex"),
      ).toBe(contract.sha256);
      expect(contract.objectKey).toBe(`contract/${contract.sha256}.pdf`);
      expect(
        Buffer.from(bytes ?? "")
          .subarray(0, 5)
          .toString(),
      ).toBe("%PDF-");
    }
  });

  it("done twice is done once", async () => {
    await commission();
    expect(await commission()).toMatchObject({ ok: true, value: { status: "exists" } });
    expect(records.writes).toHaveLength(1);
    expect(await stored()).toHaveLength(2);
    expect(await commission({ requestSha256: "b".repeat(64) })).toMatchObject({ error: { kind: "key_reused" } });
  });

  it("run again makes the next version, and the first stays as it was", async () => {
    await commission();
    const [first] = records.contracts;
    const before = await files.get(first?.objectKey ?? "");
    expect(await commission({ key: "act-0002", ampacityA: 60 })).toMatchObject({
      ok: true,
      value: { status: "created" },
    });
    expect(records.contracts.map(({ version }) => version)).toEqual([1, 1, 2, 2]);
    expect(records.writes[1]?.events).toEqual([]);
    expect(await files.get(first?.objectKey ?? "")).toEqual(before);
  });

  it("half done, with the PDFs put away and nothing written, ends well when it is sent again", async () => {
    records.fails = ["down"];
    await expect(commission()).rejects.toThrow("no answer");
    expect(await stored()).toHaveLength(2);
    expect(records.contracts).toEqual([]);
    expect(await commission()).toMatchObject({ ok: true, value: { status: "created" } });
    // The same content is the same file.
    expect(await stored()).toHaveLength(2);
    expect(records.contracts).toHaveLength(2);
  });

  it("decides anew when somebody wrote meanwhile", async () => {
    records.fails = ["stale"];
    records.meanwhile = () => {
      records.facts.events.push({
        ...REGISTERED,
        seq: 2,
        step: "airdac_connected",
        day: "2026-11-02",
      });
    };
    expect(await commission()).toMatchObject({ ok: true });
    expect(records.writes[0]?.events.map(({ seq }) => seq)).toEqual([3, 4]);
    records.fails = ["stale", "stale", "stale"];
    records.meanwhile = () => undefined;
    expect(await commission({ key: "act-0003" })).toMatchObject({ error: { kind: "busy" } });
  });

  it("puts a meter up in the same act where none stands", async () => {
    records.facts.meters = [];
    expect(await commission()).toMatchObject({ error: { kind: "step", because: { kind: "needs_meter" } } });
    const place = {
      account: "0045MAK",
      meterNumber: "23099009",
      thing: null,
      ratingW: null,
      role: "primary" as const,
      from: Date.UTC(2026, 10, 2, 22),
      baseRegisterWh: 0,
    };
    expect(await commission({ place })).toMatchObject({ ok: true });
    expect(records.writes[0]?.place).toEqual(place);
    expect(records.writes[0]?.contracts[0]?.terms).toMatchObject({ meterNumber: "23099009" });
  });

  it.each([
    ["another's account", { customerId: 13 }, { kind: "not_theirs", field: "customerId", expected: 12 }],
    ["another site", { site: "SHG" }, { kind: "not_theirs", field: "site", expected: "MAK" }],
    ["tomorrow", { connectedOn: "2026-11-29" }, { kind: "step", because: { kind: "in_future" } }],
    ["a day before the account", { connectedOn: "2026-10-31" }, { kind: "step" }],
    ["nobody's identity", { fields: {} }, { kind: "no_national_id" }],
  ])("refuses %s, and leaves no file", async (_, over, error) => {
    expect(await commission(over)).toMatchObject({ ok: false, error });
    expect(await stored()).toEqual([]);
  });

  it("refuses a contract without a price", async () => {
    records.rates = [];
    expect(await commission()).toMatchObject({ error: { kind: "no_tariff" } });
  });

  it("brings an account back that had ended, on a later day", async () => {
    await commission();
    const end = {
      seq: 4,
      step: "terminated",
      kind: "done",
      day: "2026-11-20",
      refersTo: null,
      at: 0,
      wasStatus: "postpaid",
      actor: null,
      reason: null,
      recordedAt: 0,
    } as const;
    records.facts.events.push(end);
    records.facts.status = "terminated";
    expect(await commission({ key: "act-0002" })).toMatchObject({
      error: { kind: "step", because: { kind: "terminated" } },
    });
    expect(await commission({ key: "act-0003", connectedOn: "2026-11-25" })).toMatchObject({ ok: true });
    expect(records.writes[1]?.events).toMatchObject([{ step: "commissioned", refersTo: 4, status: "postpaid" }]);
    expect(records.writes[1]?.contracts[0]).toMatchObject({ version: 2, terms: { status: "postpaid" } });
  });
});

describe("the SMS with the link", () => {
  let links: ContractLink[];
  let sent: { phoneId: string; sms: OutgoingSms }[];
  let answer: EnqueueAnswer;
  let phones = ["ls-north-a"];
  const linkPorts = (): ContractLinkPorts => ({
    country: COUNTRIES.LS,
    gate: {
      phones: async () =>
        phones.map(
          (phoneId) =>
            ({ phoneId, name: phoneId, tillId: "t", channel: "electricity", lastPollAt: NOW, revoked: false }) as never,
        ),
    },
    directory: { template: async () => null },
    contracts: {
      linkOfSms: async (smsId) => links.find((link) => link.smsId === smsId) ?? null,
      addLink: async (link) => {
        const kept = { ...link, linkId: links.length + 1 };
        links.push(kept);
        return kept;
      },
    },
    enqueue: async (phoneId, sms) => {
      sent.push({ phoneId, sms });
      return answer;
    },
    urlOf: (link) => contractUrl(settings, "https://ls.example.org", link),
  });
  const send = async (phone: string | null = "26650000101") => {
    const [contract] = records.contracts;
    if (contract === undefined) throw new Error("no contract");
    return sendContractLink(linkPorts(), contract, { phone, language: "st" }, "v1", by);
  };
  beforeEach(async () => {
    [links, sent, answer, phones] = [[], [], { status: "queued" }, ["ls-north-a"]];
    await commission();
  });

  it("goes out once, in the customer's language, and its link opens that contract", async () => {
    expect(await send()).toEqual({ status: "queued" });
    const [{ sms } = { sms: null }] = sent;
    expect(sms).toMatchObject({
      id: "contract-sms:0045MAK:v1",
      to: "26650000101",
      language: "st",
      template: "contract",
    });
    const token = /\/c\/(\S+)$/.exec(sms?.content ?? "")?.[1] ?? "";
    expect(openLink(settings, "contract", token, NOW)).toMatchObject({ ok: true, value: { subject: "1-1" } });
    expect(sms?.content).not.toMatch(/Thabo|Mokoena/);
    answer = { status: "exists" };
    phones = ["another", "ls-north-a"];
    expect(await send()).toEqual({ status: "exists" });
    expect(sent.map(({ phoneId, sms: { id } }) => [phoneId, id])).toEqual([
      ["ls-north-a", "contract-sms:0045MAK:v1"],
      ["ls-north-a", "contract-sms:0045MAK:v1"],
    ]);
    expect(sent[1]?.sms.content).toBe(sms?.content);
    expect(links).toHaveLength(1);
  });

  it.each([
    [
      "no phone serves the country",
      () => {
        phones = [];
      },
    ],
    [
      "the phone is not ready",
      () => {
        answer = { status: "not_ready" };
      },
    ],
    [
      "the phone refuses",
      () => {
        answer = { status: "refused", because: "revoked" };
      },
    ],
  ])("says so when %s, and the contract stays", async (_, fault) => {
    fault();
    expect(await send()).toMatchObject({ status: "not_sent" });
    expect(records.contracts).toHaveLength(2);
  });

  it("says so when the customer has no phone", async () => {
    expect(await send(null)).toMatchObject({ status: "not_sent", because: "the customer has no phone" });
    expect(links).toEqual([]);
  });
});

describe("the file", () => {
  it("is answered as it was made, and not at all when it is gone or another", async () => {
    await commission();
    const [contract] = records.contracts;
    if (contract === undefined) throw new Error("no contract");
    const answer = await pdfAnswer(files, contract);
    expect(answer?.headers.get("Content-Type")).toBe("application/pdf");
    expect(answer?.headers.get("Cache-Control")).toBe("private, no-store");
    expect(answer?.headers.get("Content-Disposition")).toBe('inline; filename="contract.pdf"');
    expect((await answer?.arrayBuffer())?.byteLength).toBe(contract.bytes);
    await settings.CONTRACTS.put(contract.objectKey, "another");
    expect(await pdfAnswer(files, contract)).toBeNull();
    await settings.CONTRACTS.delete(contract.objectKey);
    expect(await pdfAnswer(files, contract)).toBeNull();
  });

  it("is not stored when it is not what its hash says", async () => {
    await expect(files.put("contract/x.pdf", new Uint8Array([1]), "0".repeat(64))).rejects.toThrow();
  });
});
