import { expect, it } from "vitest";
import type { ProcessOutcome } from "../../src/ports/sms-processor.ts";
import { batch, message, phone } from "./mailbox-phone.ts";

const claims = (receipt: string, over: Partial<ProcessOutcome & { state: "done" }> = {}): ProcessOutcome => ({
  ...{ state: "done", outcome: "credited", because: null, receipt, account: "0045MAK", cases: [] },
  ...{ parsedJson: '{"kind":"payment"}', ...over },
});

it("an SMS that is read again says which receipt it claimed the first time, however often and as whatever it is read", async () => {
  const p = await phone();
  p.process = async () => claims("FIRST");
  const sms = message();
  await p.post(batch([sms]));
  await p.alarm();
  const key = { externalId: sms.id, contentHash: p.processed[0]?.contentHash ?? "" };
  p.process = async () => claims("FIRST", { outcome: "conflict", because: "read_otherwise" });
  for (let times = 0; times < 2; times++) {
    await p.stub.reprocess([key]);
    await p.alarm();
  }
  p.process = async () => claims("SECOND");
  await p.stub.reprocess([key]);
  await p.alarm();
  await p.stub.reprocess([key]);
  await p.alarm();
  expect(p.processed.map(({ claimed }) => claimed)).toEqual([null, "FIRST", "FIRST", "FIRST", "FIRST"]);
  // A person hears of it, once.
  expect(new Set((await p.owed("case")).map((row) => row.caseKey))).toEqual(
    new Set([`unread_money:${p.id}:${key.contentHash}`]),
  );
});

it("an SMS that only named a receipt has claimed none", async () => {
  const p = await phone();
  p.process = async () => claims("TAKENBACK1", { outcome: "reversal", because: "reversal" });
  const sms = message();
  await p.post(batch([sms]));
  await p.alarm();
  await p.stub.reprocess([{ externalId: sms.id, contentHash: p.processed[0]?.contentHash ?? "" }]);
  await p.alarm();
  expect(p.processed.map(({ claimed }) => claimed)).toEqual([null, null]);
});
