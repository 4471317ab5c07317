import { type Command, need, say } from "./command.ts";

const named = (project: string | undefined) => (project === undefined ? {} : { project });

/** Commands about the planning tool (uGridPlan). */
export const GRID_PLAN_COMMANDS: Record<string, Command> = {
  "plan:preview": {
    help: "--site MAK [--project MAK_minigrid]   whose each planned connection is, why the others are nobody's, and what a run would write",
    run: (door, flags) =>
      say(door, "GET", `/grid-plan/${need(flags, "site").toUpperCase()}?${new URLSearchParams(named(flags.project))}`),
  },
  "plan:run": {
    help: "--site MAK [--project MAK_minigrid] --reason TEXT --actor NAME   writes account, type and meter into the tool, and saves",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/grid-plan/${need(flags, "site").toUpperCase()}/run`,
        { ...named(flags.project), reason: need(flags, "reason") },
        need(flags, "actor"),
      ),
  },
  "plan:undo": {
    help: "--act NUMBER --reason TEXT --actor NAME   what that run wrote and nobody changed since is as it was",
    run: (door, flags) =>
      say(
        door,
        "POST",
        `/grid-plan/runs/${need(flags, "act")}/undo`,
        { reason: need(flags, "reason") },
        need(flags, "actor"),
      ),
  },
};
