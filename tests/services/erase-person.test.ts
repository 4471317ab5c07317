import { describe, expect, it } from "vitest";
import { erasePatterns } from "../../src/domain/personal/patterns.ts";
import { PERSONAL_TABLES } from "../../src/domain/personal/tables.ts";
import { type ErasePass, type ErasePorts, eraseStep, SETTLED_MS } from "../../src/services/erase-person.ts";

const DECIDED_AT = Date.UTC(2026, 10, 3, 12);
const looksFor = erasePatterns({ names: [], phones: ["26658887766"], codes: [] }, "266");

/** What there is of one approved order: rows that wait for an owner of their money, and whether each look was the last. */
function world(waiting: number) {
  const looks: boolean[] = [];
  const ports: ErasePorts = {
    erasures: {
      work: async (id) => ({ id, customerId: 1, decidedAt: DECIDED_AT, looksFor, accounts: [] }),
      eraseFrom: async () => 0,
      waiting: async () => waiting,
      passed: async (_id, _changed, _at, isLast) => void looks.push(isLast),
    } as Partial<ErasePorts["erasures"]> as ErasePorts["erasures"],
    eraseObjects: async () => 0,
    tell: async () => {},
    now: () => DECIDED_AT,
  };
  return { ports, looks };
}

async function look({ ports, looks }: ReturnType<typeof world>, startedAt: number): Promise<boolean[]> {
  let pass: ErasePass | null = { id: "e1", step: 0, changed: 0, startedAt };
  for (let steps = 0; pass !== null && steps <= PERSONAL_TABLES.length + 1; steps++)
    pass = await eraseStep(ports, pass);
  return looks;
}

describe("an approved order to erase a person", () => {
  it("is done with a look a day later that finds nothing", async () => {
    expect(await look(world(0), DECIDED_AT + SETTLED_MS - 1)).toEqual([false]);
    expect(await look(world(0), DECIDED_AT + SETTLED_MS)).toEqual([true]);
  });

  it("is not done while money of the person has no owner, however late it is", async () => {
    expect(await look(world(1), DECIDED_AT + 100 * SETTLED_MS)).toEqual([false]);
  });
});
