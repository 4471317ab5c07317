import { expect, it, vi } from "vitest";
import { PROCESS_BATCH_MAX, Processing } from "../../workers/objects/mailbox/processing.ts";

/** Work that ends when it is told to. */
function world(count: number) {
  let now = 1_000;
  const waiting = Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
  const open = new Map<number, () => void>();
  const ended: number[] = [];
  return {
    open,
    ended,
    later: (ms: number) => {
      now += ms;
    },
    now: () => now,
    work: {
      due: (busy: ReadonlySet<number>, max: number) =>
        waiting.filter(({ id }) => !busy.has(id) && !ended.includes(id)).slice(0, max),
      process: ({ id }: { id: number }) =>
        new Promise<void>((resolve) => {
          open.set(id, () => {
            open.delete(id);
            ended.push(id);
            resolve();
          });
        }),
      now: () => now,
    },
  };
}

it("works on one at a time while the phone hands over, and on a batch as soon as it has not come for a while", async () => {
  const { open, later, now, work } = world(80);
  const processing = new Processing();
  processing.ring(now());
  const running = processing.run(work);
  await vi.waitFor(() => expect([...open.keys()]).toEqual([1]));
  open.get(1)?.();
  await vi.waitFor(() => expect([...open.keys()]).toEqual([2]));
  // Nothing ends any more, and nobody rings: the others do not wait for the one that hangs.
  later(1_000);
  await vi.waitFor(() => expect(open.size).toBe(PROCESS_BATCH_MAX), { timeout: 5_000 });
  while (open.size > 0) {
    for (const end of [...open.values()]) end();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await running;
});

it("leaves nothing behind, however often the phone comes", async () => {
  const { ended, later, now, open, work } = world(30);
  const processing = new Processing();
  processing.ring(now());
  const running = processing.run(work);
  for (let turn = 0; turn < 60 && ended.length < 30; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    later(100);
    processing.ring(now());
    for (const end of [...open.values()]) end();
  }
  await running;
  expect(ended.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});
