import { backupAt } from "../../src/queries/backup-at.ts";
import { feeds } from "../../src/queries/feeds.ts";
import { jobEnds } from "../../src/queries/job-ends.ts";
import { omBehind } from "../../src/queries/om-behind.ts";
import { owedOut } from "../../src/queries/owed-out.ts";
import { waiting } from "../../src/queries/waiting.ts";
import { lookForAlarms } from "../../src/services/look-for-alarms.ts";
import { channelsOf, tellBy } from "../../src/services/tell-on-call.ts";
import type { Env } from "../env.ts";
import { measure } from "../metrics.ts";
import { directoryOf } from "../objects/locate.ts";
import { onCallOf, onCallPortsOf } from "../on-call.ts";
import { clockOf, readerOf } from "../ports.ts";
import { vendorsRead } from "../vendors.ts";
import { type BooksToAsk, booksSeen } from "./alarm-books.ts";
import { objectsSeen, objectsToAsk } from "./alarm-objects.ts";
import type { Job } from "./job.ts";

/** Tickets that the alarm of the mirror may name. */
const OM_BEHIND_MAX = 20;
/** What the clock starts, and how often: the table stands with the jobs themselves, of which this is one. */
type Clock = Readonly<Record<string, number>>;

/** Each minute: looks at all that an alarm may be about, and tells whoever is on call what was raised and what is over. */
export const alarmsJob =
  (clockJobs: () => Clock): Job =>
  async (env) => {
    const looks = await lookForAlarms(
      {
        objects: () => objectsSeen(objectsToAsk(env), clockOf(env).now()),
        books: () => booksSeen(booksToAsk(env, clockJobs())),
      },
      clockOf(env).now(),
    );
    const onCall = onCallOf(env);
    const channels = channelsOf(onCall);
    const due = await directoryOf(env).lookAtAlarms(looks, channels);
    const ports = onCallPortsOf(env);
    // Each way by itself: one that hangs holds up no other.
    const tellAll = async (channel: string) => {
      for (const telling of due.filter(({ waits }) => waits.includes(channel)))
        if (await tellBy(channel, telling, onCall, ports)) {
          await directoryOf(env).alarmTold(telling.id, channel);
          measure(env, { kind: "alarm", name: telling.name, outcome: telling.what });
        }
    };
    await Promise.all(channels.map(tellAll));
    return null;
  };

function booksToAsk(env: Env, clockJobs: Clock): BooksToAsk {
  const db = readerOf(env);
  return {
    feeds: () => feeds(db, clockOf(env).now(), vendorsRead(env)),
    waiting: () => waiting(db),
    jobs: async () =>
      (await jobEnds(db)).flatMap(({ job, endedAt, failedAt }) => {
        const everyMs = clockJobs[job];
        return everyMs === undefined ? [] : [{ job, everyMs, endedAt, failedAt }];
      }),
    omBehind: env.OM_URL === undefined ? null : () => omBehind(db, OM_BEHIND_MAX, clockOf(env).now()),
    owedOut: () => owedOut(db),
    backupAt: () => backupAt(db),
  };
}
