import { AsyncLocalStorage } from "node:async_hooks";
import { saidBy } from "../domain/log-text.ts";

/**
 * What a line says beside where it was written: ids, counts, codes and states. Never a name, a number of a person, what
 * somebody wrote, or a key; `error` takes what was thrown, and says it without those.
 */
export type LogFields = { readonly [name: string]: unknown; readonly error?: unknown };

/** The request that this work is done for. It goes along with every await; to an object or a queue it is carried by name. */
const underway = new AsyncLocalStorage<string>();

/** The id of the request that this work is done for; undefined: it is nobody's, as an alarm's. */
export const requestIdNow = (): string | undefined => underway.getStore();

/** Does work for a request: every line that it writes carries the id. Without one it is nobody's work, as before. */
export const forRequest = <T>(requestId: string | null | undefined, work: () => T): T =>
  requestId == null ? work() : underway.run(requestId, work);

/** For what is carried to an object or a queue: nothing where there is no request. */
export const carried = (requestId = requestIdNow()): { requestId?: string } =>
  requestId === undefined ? {} : { requestId };

const lineOf = (at: string, { error, ...fields }: LogFields): string =>
  JSON.stringify({
    at,
    ...carried(),
    ...fields,
    ...(error === undefined ? {} : { error: saidBy(error) }),
  });

/** One JSON object a line. `info` is a step that was done; `warn` what is tried again; `error` what a person has to look at. */
export const log = {
  info: (at: string, fields: LogFields = {}) => console.log(lineOf(at, fields)),
  warn: (at: string, fields: LogFields = {}) => console.warn(lineOf(at, fields)),
  error: (at: string, fields: LogFields = {}) => console.error(lineOf(at, fields)),
};
