/** Objects that lose all they wrote, or what they wrote lately. */
import type { Draw } from "../faults/seeded.ts";
import type { Binding, World } from "./world.ts";

/** Whose memory comes back from the others: from Postgres, from each other, from the phones. */
const FORGETFUL = ["MAILBOX", "RECEIPT_BOOK", "TILL", "ACCOUNT_LEDGER"] as const satisfies Binding[];
const OBJECTS_MAX = 3;

export type Forgetting = { how: "wiped" | "set back"; binding: Binding; name: string };
/** What puts an object back to what it had written then. */
export type Kept = Map<string, () => void>;

const keyOf = (binding: Binding, name: string) => `${binding} ${name}`;

/** What each of those that may forget had written by now. */
export function keepSome(world: World): Kept {
  const kept: Kept = new Map();
  for (const binding of FORGETFUL)
    for (const name of world.objects[binding].names()) {
      const back = world.objects[binding].keep(name);
      if (back !== null) kept.set(keyOf(binding, name), back);
    }
  return kept;
}

export function drawForgetting(draw: Draw, world: World): Forgetting[] {
  const all = FORGETFUL.flatMap((binding) => world.objects[binding].names().map((name) => ({ binding, name })));
  return draw
    .shuffle(all)
    .slice(0, 1 + draw.below(OBJECTS_MAX))
    .map((each) => ({ ...each, how: draw.chance(0.5) ? "wiped" : "set back" }));
}

export function forget(world: World, forgetting: readonly Forgetting[], kept: Kept) {
  for (const { how, binding, name } of forgetting) {
    const back = kept.get(keyOf(binding, name));
    if (how === "set back" && back !== undefined) back();
    else world.objects[binding].wipe(name);
  }
}
