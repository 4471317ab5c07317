import { storeDeadLetter } from "../src/adapters/neon/dead-letters.ts";
import { log } from "../src/ports/log.ts";
import type { Env } from "./env.ts";
import { clockOf, databaseOf } from "./ports.ts";

/** 100 tries (wrangler.toml) a quarter of an hour to an hour apart outlast the four days for which a queue keeps a message. */
const RETRY_SECONDS = 15 * 60;
const RETRY_SECONDS_MAX = 60 * 60;

/**
 * What a queue gave up on is stored for a person. One that cannot be stored is retried, never acked: for as long as the queue
 * keeps it. With the database down for longer than that it is gone; the log names its queue and its id, and what it was for
 * is asked again by the object that owes it, or by the clock.
 */
export async function deadLetterQueue(batch: MessageBatch<unknown>, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      await storeDeadLetter(databaseOf(env), {
        queue: batch.queue,
        messageId: message.id,
        bodyJson: JSON.stringify(message.body) ?? "null",
        diedAt: clockOf(env).now(),
      });
      message.ack();
    } catch (thrown) {
      log.warn("dead letter", { queue: batch.queue, message: message.id, tries: message.attempts, error: thrown });
      message.retry({ delaySeconds: Math.min(RETRY_SECONDS_MAX, RETRY_SECONDS * Math.max(1, message.attempts)) });
    }
  }
}
