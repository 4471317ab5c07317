import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Books } from "./restore-books.ts";
import { lostOf, RestoreWorld, shardNameOf } from "./restore-world.ts";

const world = new RestoreWorld({ firstPort: 22_787, data: ".data/story-restore-earlier" });
let books: Books;
/** Accounts that pay, without those that are not live. */
let accounts: string[];

beforeAll(async () => {
  await world.start(true);
  books = new Books(world);
  accounts = world.ls.customers.flatMap(({ status, account }) => (status === "live" ? [account] : []));
});
afterAll(() => world.stop());

const at = (index: number) => accounts[index] ?? "";
let amount = 500;
const next = () => {
  amount += 100;
  return amount;
};

/** What stands on both sides before the hour: payments, and money that waits. */
async function opening() {
  const paid = [0, 1, 2].map((index) => books.pay(at(index), next()));
  const held = [books.pay(null, next()), books.pay(null, next()), books.pay(null, next())];
  await books.send();
  await world.drained();
  await world.keep("earlier");
  return { paid, held };
}

/** The hour that one side will forget: payments, an assignment, a split, a move and a reversal. */
async function hour({ paid, held }: { paid: string[]; held: string[] }) {
  const fresh = [0, 1, 2, 3].map((index) => books.pay(at(index), next(), { twice: index === 0 }));
  const waits = books.pay(null, next());
  await books.send();
  await world.drained();
  await books.assign(held[0] ?? "", 1, at(0));
  await books.split(held[1] ?? "", 1, [at(1), at(2), "treasury"]);
  await books.assign(paid[0] ?? "", 1, at(3));
  await books.reverse(paid[1] ?? "", 1);
  await books.assign(fresh[1] ?? "", 1, at(0));
  await world.drained();
  return { fresh, waits };
}

/** What comes before anybody compares: new payments, and every SMS once more. */
async function sequel() {
  for (const index of payers) books.pay(at(index), next(), { twice: index === 1 });
  books.pay(null, next());
  await books.sendAllAgain();
}

/** While the world stands still, what `back` names is set back; then it goes on. */
async function goOn(back: () => void) {
  await world.stop();
  back();
  await world.start(false);
}

const shards = (...receipts: string[]) => [...new Set(receipts.map(shardNameOf))];
const payers = [0, 1, 3];

describe("an object is set back an hour", () => {
  it("an account: what only Postgres has is taken over, and what came since is filed anew after it", async () => {
    await hour(await opening());
    const full = await world.memory();
    await goOn(() => {
      for (const index of payers) world.setBack("earlier", "AccountLedger", at(index));
    });
    await sequel();
    expect(await books.settle()).toEqual([{ what: "account", because: "refiled" }]);
    await books.areSound();
    expect(lostOf(full, await world.memory())).toEqual({});
  });

  it("a shard of receipts: what moved in that hour stays where it moved, however often its SMS comes", async () => {
    const { paid, held } = await opening();
    const { fresh, waits } = await hour({ paid, held });
    const full = await world.memory();
    await goOn(() => {
      for (const shard of shards(...paid, ...held, ...fresh, waits)) world.setBack("earlier", "ReceiptBook", shard);
    });
    await sequel();
    expect(await books.settle()).toEqual([{ what: "shard", because: "adopted" }]);
    await books.areSound();
    expect(lostOf(full, await world.memory())).toEqual({});
  });

  it("a Mailbox, its till and the gate: no SMS is new again, no text is missing, and whose money waits is known", async () => {
    await hour(await opening());
    const full = await world.memory();
    await goOn(() => {
      world.setBack("earlier", "Mailbox", "ls-north-a");
      world.setBack("earlier", "Till", "ls-till-north");
      world.setBack("earlier", "DisconnectGate", "gate");
    });
    // New texts come before anybody compares; those of the hour only after it, or the phone itself would bring them back.
    for (const index of payers) books.pay(at(index), next());
    await books.send();
    const found = await books.settle();
    expect(found).toContainEqual({ what: "gate", because: "sent_again" });
    expect(found).toContainEqual({ what: "phone", because: "adopted" });
    expect(found).toContainEqual({ what: "till", because: "adopted" });
    await books.sendAllAgain();
    await world.drained();
    await books.areSound();
    expect(lostOf(full, await world.memory())).toEqual({});
  });
});

describe("Postgres is set back an hour", () => {
  it("alone: all that it lost is sent again by whoever has it", async () => {
    await hour(await opening());
    const full = await world.memory();
    await world.setPostgresBack("earlier");
    await sequel();
    expect(await books.settle()).toEqual(
      ["account", "phone", "shard"].map((what) => ({ what, because: "sent_again" })),
    );
    await books.areSound();
    expect(lostOf(full, await world.memory())).toEqual({});
  });

  it("and accounts still earlier: what both have lost is posted anew, as its shard remembers it", async () => {
    const { fresh } = await hour(await opening());
    await world.keep("later");
    await hour({ paid: fresh.slice(2), held: [books.pay(null, next()), books.pay(null, next())] });
    const full = await world.memory();
    await world.setPostgresBack("later");
    await goOn(() => {
      for (const index of payers) world.setBack("earlier", "AccountLedger", at(index));
    });
    await sequel();
    const found = await books.settle();
    expect(found).toContainEqual({ what: "account", because: "refiled" });
    expect(found).toContainEqual({ what: "shard", because: "sent_again" });
    await books.areSound();
    // What was posted anew stands at another place of its account.
    expect(Object.keys(lostOf(full, await world.memory()))).toEqual(["ledger_entries"]);
  });

  it("and shards with it, and accounts less far: who has moved what is read from the accounts' entries", async () => {
    const { paid, held } = await opening();
    const { fresh, waits } = await hour({ paid, held });
    await world.keep("later");
    const last = payers.map((index) => books.pay(at(index), next()));
    await books.send();
    await world.drained();
    await world.setPostgresBack("earlier");
    await goOn(() => {
      for (const index of payers) world.setBack("later", "AccountLedger", at(index));
      for (const shard of shards(...paid, ...held, ...fresh, waits, ...last))
        world.setBack("earlier", "ReceiptBook", shard);
    });
    await sequel();
    const found = await books.settle();
    expect(found).toContainEqual({ what: "shard", because: "moved" });
    books.forgetTreasury(held[1] ?? "");
    await books.areSound();
  });
});
