import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FEE_COMMANDS } from "../dev/ops-fees.ts";

const SOLD = { currency: "LSL", amountMinor: 4_000, energyWh: 8_000, balanceAfterWh: 8_000 };
const FLAGS = { account: "0045MAK", entry: "receipt:QK7AAA#1.1", left: "9900", amount: "4000", reason: "light" };
let heard: { path: string; body: unknown }[] = [];
let server: Server;
let url = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const path = `${request.method} ${(request.url ?? "").replace("/api/ops", "")}`;
      heard.push({ path, body: text === "" ? null : JSON.parse(text) });
      response.end(JSON.stringify(SOLD));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});
beforeEach(() => {
  heard = [];
});
afterAll(() => {
  vi.restoreAllMocks();
  server.close();
});

const run = async (flags: Record<string, string>) =>
  FEE_COMMANDS["fees:apply"]?.run({ url, key: "k", where: "a test", country: "LS" }, { ...flags, actor: "Lineo" });

describe("npm run fees:apply", () => {
  it("sent again, after an answer that was lost, asks for the same and looks at nothing newer", async () => {
    for (let twice = 0; twice < 2; twice++) await run(FLAGS);
    const path = "POST /accounts/0045MAK/unallocated/energy";
    const body = { paymentKey: "receipt:QK7AAA#1.1", leftMinor: 9_900, amountMinor: 4_000, reason: "light" };
    expect(heard).toEqual([
      { path, body },
      { path, body },
    ]);
  });

  it("asks nobody without what was seen to be left, or with what is no whole number", async () => {
    const { left: _left, ...unseen } = FLAGS;
    await expect(run(unseen)).rejects.toThrow("--left");
    await expect(run({ ...FLAGS, left: "99.00" })).rejects.toThrow("--left");
    expect(heard).toEqual([]);
  });
});
