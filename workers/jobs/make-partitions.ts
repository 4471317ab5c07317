import { log } from "../../src/ports/log.ts";
import { clockOf, readerOf } from "../ports.ts";
import type { Job } from "./job.ts";

/** Daily: the years in which readings and hours are kept are there a year ahead, so that no new year refuses a reading. */
export const makePartitions: Job = async (env) => {
  const nextYear = new Date(clockOf(env).now()).getUTCFullYear() + 1;
  const [answer] = await readerOf(env).read<{ made: number }>("SELECT cc_make_partitions($1::int) AS made", [
    String(nextYear),
  ]);
  if (answer !== undefined && answer.made > 0) log.info("partitions", { made: answer.made, through: nextYear });
  return null;
};
