import { type Command, type Flags, need, say } from "./command.ts";
import type { Door } from "./door.ts";

const order = (door: Door, method: string, path: string, body: unknown, flags: Flags) =>
  say(door, method, path, body, flags.actor);

/** Commands about light, dark and what meters say. */
export const METER_COMMANDS: Record<string, Command> = {
  disconnects: {
    help: "[--on | --off --reason TEXT --actor NAME]   whether the system may put anybody in the dark, and where it has stopped itself",
    run: (door, flags) =>
      flags.on === undefined && flags.off === undefined
        ? order(door, "GET", "/disconnects", undefined, flags)
        : order(door, "POST", "/disconnects", { on: flags.on === "true", reason: need(flags, "reason") }, flags),
  },
  "breaker:reset": {
    help: "--site MAK --reason TEXT --actor NAME   a person has looked: this site's disconnects go on",
    run: (door, flags) =>
      order(door, "POST", `/breakers/${need(flags, "site")}/reset`, { reason: need(flags, "reason") }, flags),
  },
  relay: {
    help: "--meter 23099001 --action connect|disconnect --reason TEXT --actor NAME   refused within 10 minutes of another command, 5 of a payment, or of a meter not heard for 30",
    run: (door, flags) =>
      order(
        door,
        "POST",
        `/meters/${need(flags, "meter")}/relay`,
        { action: need(flags, "action"), reason: need(flags, "reason") },
        flags,
      ),
  },
  override: {
    help: "--meter 23099001 --state keep_lit|keep_dark|auto [--until 2026-12-01T06:00:00Z] --reason TEXT --actor NAME",
    run: (door, flags) =>
      order(
        door,
        "PUT",
        `/meters/${need(flags, "meter")}/override`,
        { state: need(flags, "state"), until: flags.until ?? null, reason: need(flags, "reason") },
        flags,
      ),
  },
  "reading:release": {
    help: "--meter 23099001 --at 2026-11-25T06:00:00Z --register WH --how bill|rebase|discard --reason TEXT --actor NAME   a reading that waits (npm run account shows them)",
    run: (door, flags) =>
      order(
        door,
        "POST",
        `/meters/${need(flags, "meter")}/quarantine/release`,
        {
          read_at: need(flags, "at"),
          register_wh: Number(need(flags, "register")),
          how: need(flags, "how"),
          reason: need(flags, "reason"),
        },
        flags,
      ),
  },
};
