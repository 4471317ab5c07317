import type { RelayCommand } from "../domain/relay-commands.ts";
import type { Result } from "../domain/result.ts";

/** The broker did not say that it has the command: it may have it all the same. `status` is null when nothing came back. */
export type NotPublished = { kind: "not_published"; status: number | null; error: string };

/** Hands a command to whoever reaches the meter. The same command can be handed over any number of times. */
export interface Relays {
  publish(command: RelayCommand): Promise<Result<null, NotPublished>>;
}
