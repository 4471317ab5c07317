import type { Env } from "../env.ts";

/** One unit of work of a job: does a page, and names the next; null when the job is done. */
export type Job = (env: Env, page: unknown) => Promise<{ next: unknown } | null>;
