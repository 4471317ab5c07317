/** SMS whose request is remembered; of those before them the log says which SMS it is, and not by which request it came. */
const REMEMBERED_MAX = 500;
/** SMS that one line names. */
export const NAMED_MAX = 20;
const NAME_CHARS = 12;

/** How the log names an SMS: the beginning of its hash, which its row in Postgres has too. */
export const smsName = (contentHash: string): string => contentHash.slice(0, NAME_CHARS);

/** By which request each SMS came that waits for processing. In memory alone: the log is no record. */
export class Requests {
  readonly #of = new Map<string, string>();

  keep(hashes: readonly string[], requestId: string | undefined) {
    if (requestId === undefined) return;
    for (const hash of hashes) this.#of.set(hash, requestId);
    for (const oldest of this.#of.keys()) {
      if (this.#of.size <= REMEMBERED_MAX) return;
      this.#of.delete(oldest);
    }
  }

  of(hash: string): string | undefined {
    return this.#of.get(hash);
  }

  forget(hash: string) {
    this.#of.delete(hash);
  }
}
