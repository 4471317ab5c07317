import { expect, it, vi } from "vitest";
import { PROCESS_BATCH_MAX, Processing } from "../../workers/objects/mailbox/processing.ts";

/** Work that ends when it is told to. */
function world(count: number) {
  const waiting = Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
  const open = new Map<number, () => void>();
  const ended: number[] = [];
  return {
    open,
    ended,
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
      now: () => 0,
    },
  };
}

it("works on one at a time while the phone hands over, and on a batch as soon as it has not come for a while", async () => {
  const { open, work } = world(80);
  const processing = new Processing();
  processing.ring();
  const running = processing.run(work);
  await vi.waitFor(() => expect([...open.keys()]).toEqual([1]));
  open.get(1)?.();
  await vi.waitFor(() => expect([...open.keys()]).toEqual([2]));
  // Nothing ends any more, and nobody rings: the others do not wait for the one that hangs.
  await vi.waitFor(() => expect(open.size).toBe(PROCESS_BATCH_MAX), { timeout: 5_000 });
  while (open.size > 0) {
    for (const end of [...open.values()]) end();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await running;
});

it("lets one that hangs keep no other back, also while the phone goes on handing over", async () => {
  const { open, ended, work } = world(4);
  const processing = new Processing();
  const comes = setInterval(() => processing.ring(), 100);
  processing.ring();
  const running = processing.run(work);
  await vi.waitFor(() => expect([...open.keys()]).toEqual([1, 2]), { timeout: 5_000 });
  open.get(2)?.();
  await vi.waitFor(() => expect([...open.keys()]).toEqual([1, 3]), { timeout: 5_000 });
  expect(ended).toEqual([2]);
  clearInterval(comes);
  while (open.size > 0) {
    for (const end of [...open.values()]) end();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await running;
});

it("leaves nothing behind, however often the phone comes", async () => {
  const { ended, open, work } = world(30);
  const processing = new Processing();
  processing.ring();
  const running = processing.run(work);
  for (let turn = 0; turn < 60 && ended.length < 30; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    processing.ring();
    for (const end of [...open.values()]) end();
  }
  await running;
  expect(ended.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});
