import { Hono } from "hono";
import { z } from "zod";
import type { Refusals } from "../../src/domain/outbox.ts";
import { log } from "../../src/ports/log.ts";
import { copyCaseSubjects, openCopyCases, tillIds } from "../../src/queries/copies.ts";
import { resumeCopy } from "../../src/services/resume-copy.ts";
import { recordAct } from "../act.ts";
import { type Acting, allow } from "../allow.ts";
import { json, limited, saysJson } from "../body.ts";
import { copyPortsOf, sourceOf } from "../copy.ts";
import type { CopyMessage, Env } from "../env.ts";
import { fail } from "../errors.ts";
import { gateOf, RECEIPT_SHARDS, shardName } from "../objects/locate.ts";
import { clockOf, readerOf } from "../ports.ts";

const PHONES_MAX = 200;
/** Objects asked at a time. */
const AT_ONCE_MAX = 20;
const OBJECTS = [
  "receipt_book",
  "mailbox",
  "till",
  "account_ledger",
  "disconnect_gate",
] as const satisfies CopyMessage["object"][];
const ResumeBody = z.object({ object: z.enum(OBJECTS), name: z.string().trim().min(1).max(100) });

type Asked = CopyMessage & Omit<Refusals, "oldestId">;

/** Rows that Postgres refused: who has them and why, and trying them again once the cause is mended. */
export const opsCopies = new Hono<{ Bindings: Env; Variables: Acting }>()
  .get("/copies/refused", allow("money.read"), async (c) => {
    const [near, far] = [await nearObjects(c.env), await farObjects(c.env)];
    const { asked, unanswered } = await ask(c.env, distinct([...near, ...(far?.objects ?? [])]));
    // One whose case is open is shown though nothing is refused any more: resuming it closes the case.
    const objects = asked.filter((each) => isRefused(each) || far?.cases.has(nameOf(each)) === true);
    return c.json({
      asOf: clockOf(c.env).now(),
      // Down: tills and accounts are missing here.
      database: far === null ? "down" : "up",
      total: totalOf(objects),
      objects,
      unanswered,
    });
  })
  .post("/copies/resume", allow("money.write"), limited, saysJson, json(ResumeBody), async (c) => {
    const wanted = c.req.valid("json");
    const [near, far] = [await nearObjects(c.env), await farObjects(c.env)];
    const isKnown = [...near, ...(far?.objects ?? [])].some((each) => nameOf(each) === nameOf(wanted));
    if (!isKnown)
      return far === null
        ? fail(c, 503, "database_down", "the database does not answer; send the same again")
        : fail(c, 404, "unknown_object", "no such object has rows that were refused; see npm run copies:refused");
    await recordAct(c, "copy.resume", `copy:${nameOf(wanted)}`);
    const resumed = await resumeCopy(
      { ...copyPortsOf(c.env), openCases: (subject) => openCopyCases(readerOf(c.env), subject) },
      { source: sourceOf(c.env, wanted), actor: c.get("actor") },
    );
    if (!resumed.ok)
      return fail(c, 503, "database_down", "they are tried again when the database is back; then send the same again");
    const { oldestId: _, ...said } = resumed.value;
    return c.json({ ...wanted, ...said });
  });

/** Rows that tills and accounts have refused; the shards and phones are asked by whoever asks them for more. */
export async function refusedFar(env: Env): Promise<number> {
  const far = (await farObjects(env))?.objects ?? [];
  return totalOf(
    (
      await ask(
        env,
        far.filter(({ object }) => object === "till" || object === "account_ledger"),
      )
    ).asked,
  );
}

/** Objects that are known without Postgres. */
async function nearObjects(env: Env): Promise<CopyMessage[]> {
  const phones = (await gateOf(env).phones()).slice(0, PHONES_MAX);
  return [
    ...Array.from({ length: RECEIPT_SHARDS }, (_, shard) => ({
      object: "receipt_book" as const,
      name: shardName(shard),
    })),
    ...phones.map(({ phoneId }) => ({ object: "mailbox" as const, name: phoneId })),
  ];
}

/** Objects that Postgres names: tills, and whoever has an open case. Null: it does not answer. */
async function farObjects(env: Env): Promise<{ objects: CopyMessage[]; cases: ReadonlySet<string> } | null> {
  try {
    const [tills, subjects] = await Promise.all([tillIds(readerOf(env)), copyCaseSubjects(readerOf(env))]);
    const objects = [...tills.map((name) => ({ object: "till" as const, name })), ...subjects.flatMap(objectNamed)];
    return { objects: distinct(objects), cases: new Set(subjects) };
  } catch (thrown) {
    log.warn("copies", { database: "down", error: thrown });
    return null;
  }
}

/** `till:ls-till-north` */
function objectNamed(subject: string): CopyMessage[] {
  const object = OBJECTS.find((each) => subject.startsWith(`${each}:`));
  return object === undefined ? [] : [{ object, name: subject.slice(object.length + 1) }];
}

const nameOf = ({ object, name }: CopyMessage) => `${object}:${name}`;
const distinct = (objects: CopyMessage[]) => [...new Map(objects.map((each) => [nameOf(each), each])).values()];

const isRefused = ({ refused, stopped }: Asked) => refused > 0 || stopped !== null;
const totalOf = (asked: Asked[]) => asked.reduce((sum, { refused }) => sum + refused, 0);

async function ask(env: Env, objects: CopyMessage[]): Promise<{ asked: Asked[]; unanswered: string[] }> {
  const asked: Asked[] = [];
  const unanswered: string[] = [];
  for (let from = 0; from < objects.length; from += AT_ONCE_MAX)
    await Promise.all(
      objects.slice(from, from + AT_ONCE_MAX).map(async (each) => {
        try {
          const { oldestId: _, ...said } = await sourceOf(env, each).refusals();
          asked.push({ ...each, ...said });
        } catch {
          unanswered.push(nameOf(each));
        }
      }),
    );
  return { asked: asked.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)), unanswered };
}
