import { type Command, type Flags, need, say } from "./command.ts";
import type { Door } from "./door.ts";

const hook = (door: Door, flags: Flags, act: string, more: object = {}) =>
  say(
    door,
    "POST",
    `/webhooks/${need(flags, "endpoint")}/${act}`,
    { ...more, reason: need(flags, "reason") },
    need(flags, "actor"),
  );
const listed = (text: string) => text.split(",").map((each) => each.trim());

/** Commands about who reads here: funders' programmes, and keys of machines. */
export const NEIGHBOUR_COMMANDS: Record<string, Command> = {
  "programme:list": {
    help: "funders' programmes, and the sites that each reads",
    run: (door) => say(door, "GET", "/programmes"),
  },
  programme: {
    help: '--code UEF-1 --name "Rural light" --funder NAME --sites MAK,SHG [--active false] --reason TEXT --actor NAME   sets a programme in place of what it was',
    run: (door, flags) =>
      say(
        door,
        "PUT",
        `/programmes/${encodeURIComponent(need(flags, "code"))}`,
        {
          name: need(flags, "name"),
          funder: need(flags, "funder"),
          sites: listed(need(flags, "sites").toUpperCase()),
          active: flags.active !== "false",
          reason: need(flags, "reason"),
        },
        need(flags, "actor"),
      ),
  },
  "webhook:list": {
    help: "who is told of what, and how much waits or was given up",
    run: (door) => say(door, "GET", "/webhooks"),
  },
  "webhook:add": {
    help: "--name TEXT --url https://… --kinds payments,readings,tickets --reason TEXT --actor NAME   prints the secret that signs, once",
    run: (door, flags) =>
      say(
        door,
        "POST",
        "/webhooks",
        {
          name: need(flags, "name"),
          url: need(flags, "url"),
          kinds: listed(need(flags, "kinds")),
          reason: need(flags, "reason"),
        },
        need(flags, "actor"),
      ),
  },
  "webhook:rotate": {
    help: "--endpoint whe_… --reason TEXT --actor NAME   a second secret signs beside the first, and is printed once",
    run: (door, flags) => hook(door, flags, "rotate"),
  },
  "webhook:retire": {
    help: "--endpoint whe_… --reason TEXT --actor NAME   only the newest secret signs from now on",
    run: (door, flags) => hook(door, flags, "retire"),
  },
  "webhook:rest": {
    help: "--endpoint whe_… --reason TEXT --actor NAME   is told nothing any more",
    run: (door, flags) => hook(door, flags, "active", { active: false }),
  },
  "webhook:log": {
    help: "[--endpoint whe_…] [--state waiting|told|given_up]   what was told, the newest first",
    run: (door, flags) =>
      say(
        door,
        "GET",
        `/webhooks/deliveries?${new URLSearchParams({ endpoint: flags.endpoint ?? "", state: flags.state ?? "" })}`,
      ),
  },
  "webhook:resend": {
    help: "--event NUMBER --endpoint whe_… --reason TEXT --actor NAME   tells it once more",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/webhooks/events/${need(flags, "event")}/resend`,
        { endpoint: need(flags, "endpoint"), reason: need(flags, "reason") },
        need(flags, "actor"),
      ),
  },
  "key:list": {
    help: "every key that was issued: whose, for what, when it was used last; never the key",
    run: (door) => say(door, "GET", "/keys"),
  },
  "key:issue": {
    help: "--name TEXT (--programme UEF-1 | --scopes payments.read,readings.read) [--days 365] --reason TEXT --actor NAME   prints the key, once",
    run: (door, flags) =>
      say(
        door,
        "POST",
        "/keys",
        {
          name: need(flags, "name"),
          ...(flags.programme === undefined ? {} : { programme: flags.programme }),
          ...(flags.scopes === undefined ? {} : { scopes: listed(flags.scopes) }),
          ...(flags.days === undefined ? {} : { days: Number(flags.days) }),
          reason: need(flags, "reason"),
        },
        need(flags, "actor"),
      ),
  },
  "key:revoke": {
    help: "--key NUMBER --reason TEXT --actor NAME   opens nothing from the next request on",
    run: (door, flags) =>
      say(door, "POST", `/keys/${need(flags, "key")}/revoke`, { reason: need(flags, "reason") }, need(flags, "actor")),
  },
};
