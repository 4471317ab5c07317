import type { Scope } from "../domain/api-key.ts";
import type { Change, Registered } from "./registry.ts";

export type Programme = { code: string; name: string; funder: string; sites: string[]; active: boolean };

export type NewApiKey = {
  keyHash: string;
  shownAs: string;
  name: string;
  scopes: Scope[];
  programme: string | null;
  /** UTC ms; null: until it is revoked. */
  expiresAt: number | null;
};

/** A key that was let in, as it stands now. */
export type TakenKey = {
  keyId: number;
  name: string;
  scopes: Scope[];
  programme: Programme | null;
  /** Requests in this minute of the clock, this one counted. */
  usedInMinute: number;
};

export interface ApiKeys {
  putProgramme(programme: Programme, by: Change): Promise<Registered>;
  issue(key: NewApiKey, by: Change): Promise<Registered>;
  /** Once; a key that was revoked before stays so. */
  revoke(keyId: number, by: Change): Promise<Registered>;
  /** Counts a request of the key with that hash at `at` (UTC ms). Null: no key, or one that is revoked or expired. */
  take(keyHash: string, at: number): Promise<TakenKey | null>;
}
