import type { CopyMessage, Env, ForwardMessage, ImportMessage, JobMessage } from "./env.ts";

type Consumers = {
  copy: (batch: MessageBatch<CopyMessage>, env: Env) => Promise<void>;
  forward: (batch: MessageBatch<ForwardMessage>, env: Env) => Promise<void>;
  imports: (batch: MessageBatch<ImportMessage>, env: Env) => Promise<void>;
  job: (batch: MessageBatch<JobMessage>, env: Env) => Promise<void>;
  dead: (batch: MessageBatch<unknown>, env: Env) => Promise<void>;
};

/** Queue name to consumer: queues are named customer-care-<env>-<what>. */
export const queueTable =
  (consumers: Consumers) =>
  async (batch: MessageBatch<unknown>, env: Env): Promise<void> => {
    const what = batch.queue.replace(/^customer-care-[a-z]+-/, "");
    switch (what) {
      case "ledger-copy":
        return consumers.copy(batch as MessageBatch<CopyMessage>, env);
      case "legacy-forward":
        return consumers.forward(batch as MessageBatch<ForwardMessage>, env);
      case "imports":
        return consumers.imports(batch as MessageBatch<ImportMessage>, env);
      case "jobs":
        return consumers.job(batch as MessageBatch<JobMessage>, env);
      case "dead":
        return consumers.dead(batch, env);
      default:
        throw new Error(`no consumer for queue ${batch.queue}`);
    }
  };
