import { expect, it } from "vitest";
import { Joint } from "../workers/objects/joint.ts";

/** What was written, one list a transaction. */
function transactions() {
  const all: string[][] = [];
  let open: string[] | null = null;
  return {
    all,
    say: (word: string) => () => void open?.push(word),
    transact: (steps: () => void) => {
      open = [];
      steps();
      all.push(open);
      open = null;
    },
  };
}

const ticks = async () => {
  for (let tick = 0; tick < 20; tick++) await Promise.resolve();
};

it("works that go on side by side are written in one transaction, when the last has ended", async () => {
  const { all, say, transact } = transactions();
  const joint = new Joint(transact);
  const slow = Promise.withResolvers<void>();
  const quick = joint.part((write) => write(say("quick")));
  const late = joint.part(async (write) => {
    await slow.promise;
    await write(say("late"));
  });
  await ticks();
  expect(all).toEqual([]);
  slow.resolve();
  await Promise.all([quick, late]);
  expect(all).toEqual([["quick", "late"]]);
});

it("a work that fails, or has nothing to write, does not keep the others from being written", async () => {
  const { all, say, transact } = transactions();
  const joint = new Joint(transact);
  const works = [
    joint.part((write) => write(say("done"))),
    joint.part(async () => undefined),
    joint.part(async () => {
      await Promise.resolve();
      throw new Error("it fails");
    }),
  ];
  const ended = await Promise.allSettled(works);
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(all).toEqual([["done"]]);
});

it("a transaction that fails fails each of its works", async () => {
  const joint = new Joint(() => {
    throw new Error("the storage fails");
  });
  const works = [joint.part((write) => write(() => undefined)), joint.part((write) => write(() => undefined))];
  const ended = await Promise.allSettled(works);
  expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
