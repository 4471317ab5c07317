import { storeDeadLetter } from "../src/adapters/neon/dead-letters.ts";
import { log } from "../src/ports/log.ts";
import type { Env } from "./env.ts";
import { clockOf, databaseOf } from "./ports.ts";

const RETRY_SECONDS = 300;

/** What a queue gave up on is stored for a person. One that cannot be stored is retried, never acked. */
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
      log.warn("dead letter", { error: thrown });
      message.retry({ delaySeconds: RETRY_SECONDS });
    }
  }
}
