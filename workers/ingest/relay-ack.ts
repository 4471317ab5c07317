import { Hono } from "hono";
import { z } from "zod";
import { accountOfCommand } from "../../src/domain/command-id.ts";
import { connectedOf } from "../../src/domain/relay.ts";
import type { AckAnswer, RelayAck } from "../../src/ports/accounts.ts";
import { log } from "../../src/ports/log.ts";
import { limited } from "../body.ts";
import { door } from "../door.ts";
import type { Env } from "../env.ts";
import { fail } from "../errors.ts";
import { accountLocator, directoryOf } from "../objects/locate.ts";
import { clockOf } from "../ports.ts";

const ERROR_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 100;

const text = z.string().min(1).max(TEXT_CHARS_MAX);

/** As the bridge sends it. Fields that it may add are left alone. */
const AckBody = z.object({
  cmd_id: text,
  status: z.enum(["acked", "rejected", "failed"]),
  relay_after: z.unknown().optional(),
  error: z.string().nullish(),
  thing_name: text.nullish(),
  meter_id: z.union([text, z.number().int().nonnegative()]).nullish(),
});

/** `POST /api/meters/relay-ack`: the IoT bridge tells what a meter made of a command. */
export const relayAck = new Hono<{ Bindings: Env }>().post("/relay-ack", door("iot"), limited, async (c) => {
  const body = AckBody.safeParse(parseJson(await c.req.text()));
  if (!body.success) {
    const details = body.error.issues.map((issue) => ({ field: issue.path.join("."), expected: issue.message }));
    return fail(c, 400, "bad_field", `check ${details.map(({ field }) => field || "the body").join(", ")}`, details);
  }
  const { cmd_id, status, relay_after, error, thing_name, meter_id } = body.data;
  const meterNumber = meter_id == null ? null : String(meter_id).replace(/^0+(?=.)/, "");
  const answer = await acknowledge(c.env, {
    commandId: cmd_id,
    status,
    connectedAfter: connectedOf(relay_after),
    error: error?.slice(0, ERROR_CHARS_MAX) ?? null,
    thing: thing_name ?? null,
    meterNumber,
  });
  log.info("acknowledged", { command: ownCommand(cmd_id), said: status, answer: answer.status });
  switch (answer.status) {
    case "ok":
      return c.json({ cmd_id, status: answer.state });
    case "noop":
      return c.json({ status: "noop", current_status: answer.state });
    case "unknown_command":
      return fail(c, 404, "unknown_command", "no command has this cmd_id", { cmd_id });
    case "mismatch":
      return fail(c, 409, "mismatch", "this command went to another thing or meter", { cmd_id, thing_name, meter_id });
  }
});

/** A command of ours by its id; whatever else a bridge may send is not repeated. */
const ownCommand = (commandId: string) => (accountOfCommand(commandId) === null ? null : commandId);

/** By the account that the command's id names; an id that is not ours is looked for where the meter is placed. */
async function acknowledge(env: Env, ack: RelayAck): Promise<AckAnswer> {
  const account =
    accountOfCommand(ack.commandId) ??
    (ack.meterNumber === null ? null : await directoryOf(env).accountOfMeter(ack.meterNumber, clockOf(env).now()));
  return account === null ? { status: "unknown_command" } : accountLocator(env, account).acknowledge(ack);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
