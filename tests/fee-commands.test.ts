import { describe, expect, it } from "vitest";
import { FEE_COMMANDS } from "../dev/ops-fees.ts";
import { commandsDoor } from "./commands-door.ts";

const SOLD = { currency: "LSL", amountMinor: 4_000, energyWh: 8_000, balanceAfterWh: 8_000 };
const FLAGS = { account: "0045MAK", entry: "receipt:QK7AAA#1.1", left: "9900", amount: "4000", reason: "light" };
let standing: object = {};
const { door, heard, printed } = commandsDoor((asked) => (asked.startsWith("GET ") ? standing : SOLD));

const run = async (flags: Record<string, string>) =>
  FEE_COMMANDS["fees:apply"]?.run(door, { ...flags, actor: "Lineo" });

describe("npm run fees:apply", () => {
  it("sent again, after an answer that was lost, asks for the same and looks at nothing newer", async () => {
    for (let twice = 0; twice < 2; twice++) await run(FLAGS);
    const asked = { method: "POST", path: "/accounts/0045MAK/unallocated/energy", actor: "Lineo" };
    const body = { paymentKey: "receipt:QK7AAA#1.1", leftMinor: 9_900, amountMinor: 4_000, reason: "light" };
    expect(heard).toMatchObject([
      { ...asked, body },
      { ...asked, body },
    ]);
  });

  it("asks nobody without what was seen to be left, or with what is no whole number", async () => {
    const { left: _left, ...unseen } = FLAGS;
    await expect(run(unseen)).rejects.toThrow("--left");
    await expect(run({ ...FLAGS, left: "99.00" })).rejects.toThrow("--left");
    expect(heard).toEqual([]);
  });
});

describe("npm run fees", () => {
  it("says how many rests there are beyond those that are listed", async () => {
    const rest = { paymentKey: "receipt:QK7AAA#1.1", receipt: "QK7AAA", amountMinor: 9_900, leftMinor: 9_900 };
    standing = { debts: [], currency: "LSL", unallocated: [{ ...rest, availableMinor: 9_900 }], unallocatedMore: 3 };
    await FEE_COMMANDS.fees?.run(door, { account: "0045MAK" });
    expect(printed).toEqual([
      "owes nothing beside energy",
      "receipt:QK7AAA#1.1  unallocated 9900 of 9900, 9900 may become energy  (LSL, minor units)",
      "and 3 more, older: each is listed once a newer one has gone",
    ]);
  });
});
