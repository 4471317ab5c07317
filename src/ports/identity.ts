import type { CountryCode } from "../domain/country.ts";
import type { Claims } from "../domain/identity.ts";
import type { Result } from "../domain/result.ts";
import type { Change } from "./registry.ts";
import type { OpenedSession } from "./sessions.ts";

/** Signs what the home of staff says. */
export interface TokenSigner {
  sign(payload: object): Promise<string>;
}

/** Tells what the home has signed; null: it has not, or by a key or a method that is not named here. */
export interface TokenReader {
  read(token: string): Promise<unknown>;
}

/** used: the session that it opened was ended. deactivated: by this country itself. local_person: the address is somebody else's here. unknown_site: it is bound to a site that is not here. */
export type TakeRefusal = "used" | "deactivated" | "local_person" | "unknown_site";

export type TakenSession = Pick<OpenedSession, "tokenHash" | "userAgent"> & {
  /** Of the session that the browser has by now; null: none. */
  ownHash: string | null;
};

/** Staff whose home is elsewhere. */
export interface HomeStaff {
  /**
   * Keeps what the home says, unless it has said something newer, and opens a session that ends with the token. The browser's
   * own session goes on instead (`own`); the same token again opens no second one.
   */
  take(
    told: Claims & { home: string; country: CountryCode },
    session: TakenSession,
    by: Change,
  ): Promise<Result<{ staffId: number; own: boolean; expiresAt: number }, TakeRefusal>>;
}
