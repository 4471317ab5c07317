import { type Command, need, say } from "./command.ts";

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
