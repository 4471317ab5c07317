/** The old endpoint: it gets every SMS, and none again once that is recorded. */
import type { Invariant } from "./invariants.ts";
import { type Carried, itemsIn, type Post } from "./old-endpoint.ts";
import type { Snapshot } from "./snapshot.ts";

/** What is recorded and what is sent are seen by two clocks' readers; this close is the same moment. */
const SAME_MOMENT_MS = 5;
/** How long before a repeat the fault that explains it may have begun. */
const FAULT_LEAD_MS = 1_500;

const keyOf = ({ id, text }: Carried) => JSON.stringify([id, text]);
const carries = (post: Post, key: string) => post.items.some((item) => keyOf(item) === key);
const nameOf = (key: string) => key.slice(0, 80);

/** Each SMS and the POSTs that carried it, in order. */
function journeys({ posts }: Pick<Snapshot, "posts">): Map<string, Post[]> {
  const found = new Map<string, Post[]>();
  for (const post of posts.toSorted((a, b) => a.at - b.at))
    for (const key of new Set(post.items.map(keyOf))) found.set(key, [...(found.get(key) ?? []), post]);
  return found;
}

/** The instant at which a Mailbox had recorded that an SMS was taken. */
function confirmedAt({ notes }: Pick<Snapshot, "notes">): Map<string, number> {
  const found = new Map<string, number>();
  for (const { phoneId, forwardId, at } of notes.filter(({ what }) => what === "confirmed")) {
    const lease = notes.find(
      (note) => note.what === "leased" && note.phoneId === phoneId && note.forwardId === forwardId,
    );
    for (const item of bodyItems(lease?.body ?? null)) {
      const before = found.get(keyOf(item));
      found.set(keyOf(item), before === undefined ? at : Math.min(before, at));
    }
  }
  return found;
}

const bodyItems = (body: string | null): Carried[] =>
  body === null ? [] : itemsIn(body, body.trimStart().startsWith("{") ? "application/json" : "x-www-form-urlencoded");

export const forwardInvariants: readonly Invariant[] = [
  {
    name: "every acknowledged SMS reaches the old endpoint, and a mirrored one never goes back",
    check: (seen) => {
      const arrived = journeys(seen);
      const wasTaken = (key: string) => arrived.get(key)?.some(({ status }) => status === 200) === true;
      const missing = seen.acked.filter((sms) => !wasTaken(keyOf(sms)));
      const back = [...arrived.keys()].filter((key) =>
        seen.mirrored.some((id) => key.startsWith(JSON.stringify([id]).slice(0, -1))),
      );
      return [
        ...missing.map(({ phoneId, id, text }) => `never taken: ${phoneId} ${id} "${text.slice(0, 40)}"`),
        ...back.map((key) => `sent back: ${nameOf(key)}`),
      ];
    },
  },
  {
    name: "no SMS is forwarded after its Mailbox recorded a 2xx",
    check: (seen) => {
      const recorded = confirmedAt(seen);
      return [...journeys(seen)].flatMap(([key, posts]) => {
        const at = recorded.get(key);
        const late = at === undefined ? [] : posts.filter((post) => post.at > at + SAME_MOMENT_MS);
        return late.map((post) => `${nameOf(key)}: recorded at ${at}, sent again ${post.at - (at ?? 0)} ms later`);
      });
    },
  },
  {
    name: "no two consumers forward the same SMS at once",
    check: (seen) =>
      [...journeys(seen)].flatMap(([key, posts]) =>
        posts.flatMap((post, index) => {
          const before = posts[index - 1];
          const overlaps = before !== undefined && carries(before, key) && (before.until ?? Infinity) > post.at;
          return overlaps ? [`${nameOf(key)}: sent at ${post.at}, the one before ended at ${before.until}`] : [];
        }),
      ),
  },
  {
    name: "an SMS is forwarded again only after a POST that failed, or a fault between answer and record",
    check: (seen) =>
      [...journeys(seen)].flatMap(([key, posts]) =>
        posts.flatMap((post, index) => {
          const before = posts[index - 1];
          if (before === undefined || before.status !== 200 || !before.answered) return [];
          // The answer may have come too late for whoever waited for it.
          const failed = seen.notes.filter(({ what }) => what === "failed").map(({ at }) => at);
          const isExplained = [...seen.disturbances, ...failed].some(
            (at) => at >= before.at - FAULT_LEAD_MS && at <= post.at,
          );
          return isExplained ? [] : [`${nameOf(key)}: answered 200 at ${before.at}, sent again at ${post.at}`];
        }),
      ),
  },
];
