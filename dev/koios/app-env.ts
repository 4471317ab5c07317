import type { KoiosGrant, OrgState } from "./org.ts";

/** What a request carries once somebody has signed in, by key or by session. */
export type KoiosEnv = {
  Variables: {
    org: OrgState;
    grant: KoiosGrant;
    /** Signed in at the browser's door: full rights of a person. */
    isPerson: boolean;
  };
};

export const WRITES: readonly KoiosGrant[] = ["write", "manage"];
