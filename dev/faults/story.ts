/** A red seed, told shortly: what was sent, what failed, what must be true, what was seen. */
import type { Outcome } from "./batch.ts";

const LINES_MAX = 30;
const SEEN_MAX = 4;

/** A terminal takes no control characters. */
const plain = (line: string) => line.replaceAll(/\p{Cc}/gu, "\uFFFD");

export function storyOf({ seed, reds, snapshot, script }: Outcome, batch: readonly number[]): string {
  const [first = seed] = batch;
  const what = new Map<string, number>();
  for (const text of script.texts) what.set(text.what, (what.get(text.what) ?? 0) + 1);
  const named = new Set(
    reds.flatMap(({ seen }) => seen).flatMap((line) => script.expected.filter(({ receipt }) => line.includes(receipt))),
  );
  const lines = [
    `RED seed ${seed}`,
    `  sent: ${[...what].map(([kind, count]) => `${count} ${kind}`).join(", ")}; ${snapshot.acked.length} acknowledged by 3 phones`,
    ...reds.flatMap(({ invariant, seen }) => [
      `  broken: ${invariant}`,
      ...seen.slice(0, SEEN_MAX).map((line) => `    ${plain(line).slice(0, 220)}`),
      ...(seen.length > SEEN_MAX ? [`    and ${seen.length - SEEN_MAX} more`] : []),
    ]),
    ...[...named].slice(0, 3).map(({ receipt, accounts, amounts }) => {
      const roads = snapshot.said.filter((each) => each.receipt === receipt);
      const by = roads.map(({ who, status }) => `${who} ${status}`).join(", ");
      return `  ${receipt}: ${amounts.join("/")} for ${accounts.join("/") || "nobody"}${by === "" ? "" : `; ${by}`}`;
    }),
    `  injected: ${snapshot.did
      .filter(({ owner }) => owner === String(script.place))
      .map(({ place, kind, action, n }) => `${place} ${kind} ${n} ${action}`)
      .join(", ")}`,
  ];
  return [
    ...lines.slice(0, LINES_MAX - 1),
    `  again: npm run faults -- --from ${first} --seeds ${batch.length} --batch ${batch.length}`,
  ].join("\n");
}
