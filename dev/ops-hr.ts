import { type Command, need, say } from "./command.ts";

/** Commands about the HR directory: what its word would change, doing it, and which roles a department brings. */
export const HR_COMMANDS: Record<string, Command> = {
  "hr:sync": {
    help: "[--dry-run] [--force --reason TEXT] --actor NAME   locks who has left; --force where it would lock more than a few",
    run: (door, flags) =>
      flags["dry-run"] === "true"
        ? say(door, "GET", "/hr/plan")
        : say(
            door,
            "POST",
            "/hr/sync",
            flags.force === "true" ? { force: true, reason: need(flags, "reason") } : {},
            need(flags, "actor"),
          ),
  },
  "hr:person": {
    help: "--employee NUMBER   whether the directory knows somebody, and whether they work here",
    run: (door, flags) => say(door, "GET", `/hr/people/${encodeURIComponent(need(flags, "employee"))}`),
  },
  "hr:departments": { help: "which roles each department brings", run: (door) => say(door, "GET", "/hr/departments") },
  "hr:department": {
    help: "--department NAME --roles finance_team[,generic] --reason TEXT --actor NAME   never superadmin",
    run: (door, flags) =>
      say(
        door,
        "PUT",
        "/hr/departments",
        {
          department: need(flags, "department"),
          roles: need(flags, "roles").split(","),
          reason: need(flags, "reason"),
        },
        need(flags, "actor"),
      ),
  },
};
