import { hrDirectory } from "../src/adapters/hr.ts";
import { neonHrBooks } from "../src/adapters/neon/hr.ts";
import type { HrPorts } from "../src/services/sync-hr.ts";
import type { Env } from "./env.ts";
import { homeOf } from "./identity.ts";
import { countryOf, databaseOf } from "./ports.ts";
import { signInPortsOf } from "./session.ts";

/** Null: this deployment has no directory, or its staff are at home elsewhere, where theirs is asked. */
export const hrPortsOf = (env: Env): HrPorts | null =>
  !env.HR_URL || !env.HR_API_KEY || homeOf(env) !== null
    ? null
    : {
        directory: hrDirectory({ url: env.HR_URL, key: env.HR_API_KEY }),
        books: neonHrBooks(databaseOf(env)),
        staff: signInPortsOf(env).staff,
        country: countryOf(env).code,
      };
