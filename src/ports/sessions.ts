import type { AttemptKey } from "../domain/sign-in.ts";
import type { Change } from "./registry.ts";
import type { StaffMember } from "./staff.ts";

export type StaffSession = Pick<
  StaffMember,
  "staffId" | "email" | "name" | "roles" | "site" | "countries" | "grants"
> & {
  kind: "staff";
  sessionId: number;
  /** Whose word this person is signed in by; null: signed in here. */
  home: string | null;
  /** UTC ms; null: only the password was shown. */
  secondFactorAt: number | null;
  /** When it ends whatever comes, UTC ms: one by the home's word is made to go on before that. */
  expiresAt: number;
  /** Whether an authenticator is registered; then it has to be shown, whatever the roles. */
  enrolled: boolean;
};
export type CustomerSession = { kind: "customer"; sessionId: number; account: string; customerId: number };

export type OpenedSession = {
  whose: { staffId: number } | { account: string };
  tokenHash: string;
  idleMs: number;
  expiresAt: number;
  secondFactorAt: number | null;
  userAgent: string | null;
  at: number;
};

/** A line of the list of somebody's sessions. */
export type SessionLine = {
  sessionId: number;
  createdAt: string;
  lastSeenAt: string;
  expiresAt: string;
  userAgent: string | null;
  secondFactor: boolean;
};

export interface Sessions {
  open(session: OpenedSession): Promise<void>;
  /** Whose living session this is, as of now: roles and all. It counts as seen, unless a page only watches. */
  find(tokenHash: string, now: number, watching?: boolean): Promise<StaffSession | CustomerSession | null>;
  /** Another token for the session, now that the second factor was shown: whoever had the old one has nothing. */
  strengthen(
    sessionId: number,
    next: Pick<OpenedSession, "tokenHash" | "idleMs" | "expiresAt" | "at">,
  ): Promise<boolean>;
  end(sessionId: number, now: number): Promise<void>;
  ofStaff(staffId: number, now: number): Promise<SessionLine[]>;
  /** Ends one session of this person; false: there is none. */
  endOf(staffId: number, sessionId: number, by: Change): Promise<boolean>;
}

/** Tries at signing in: counted before any password is looked at. */
export interface Attempts {
  /** 0: go on, and it is counted as a failure. Otherwise how many milliseconds to wait. */
  take(keys: AttemptKey[], now: number): Promise<number>;
  /** It was none: `forget` starts from nothing again, `keep` has one failure less. */
  succeeded(keys: { forget: string[]; keep: string[] }, now: number): Promise<void>;
}
