import type { CountryCode } from "../domain/country.ts";
import type { Grant } from "../domain/grant.ts";
import type { Role } from "../domain/permission.ts";
import type { Change, Registered } from "./registry.ts";

/** A member of staff, as others may see one. */
export type StaffMember = {
  staffId: number;
  email: string;
  name: string;
  roles: Role[];
  /** A registrar of this site alone; null: of any. */
  site: string | null;
  countries: CountryCode[];
  /** Roles and site of other countries, where they are not the same. Kept at home alone. */
  grants: Grant[];
  active: boolean;
  secondFactor: boolean;
  /** False until the invitation was taken. */
  hasPassword: boolean;
  /** Where this person signs in, if not here; then nothing but `active` is changed here. */
  home: string | null;
  invitedUntil: number | null;
};

/** What signing in compares with. Secrets are hashed or sealed. */
export type Credentials = Pick<
  StaffMember,
  "staffId" | "email" | "name" | "roles" | "countries" | "grants" | "active"
> & {
  passwordHash: string | null;
  totpSecret: string | null;
  totpPending: string | null;
};

export type NewMember = Pick<StaffMember, "email" | "name" | "roles" | "site" | "countries" | "grants">;
/** What is not named stays. */
export type MemberChange = {
  [Field in "name" | "roles" | "site" | "countries" | "grants" | "active"]?: StaffMember[Field] | undefined;
};
export type Invitation = { hash: string; expiresAt: number };

/** Staff and their credentials. What people do here leaves its audit row in the same transaction, without any secret. */
export interface Staff {
  list(after: number, limit: number): Promise<StaffMember[]>;
  byEmail(email: string): Promise<Credentials | null>;
  byId(staffId: number): Promise<Credentials | null>;
  add(member: NewMember, invitation: Invitation, by: Change): Promise<Registered>;
  /** Who is made inactive is signed out everywhere at once. `here`: the country that is not left without a superadmin. */
  change(staffId: number, change: MemberChange & { here?: CountryCode }, by: Change): Promise<Registered>;
  /** Another link by which to set a password; an earlier one is worth nothing from now on. */
  invite(staffId: number, invitation: Invitation, by: Change): Promise<Registered>;
  byInvitation(hash: string, now: number): Promise<Credentials | null>;
  /** Sets the password, uses up the invitation and ends all sessions but `keep`. False: the invitation is gone by now. */
  setPassword(
    staffId: number,
    next: { passwordHash: string; invitationHash: string | null; keep: number | null },
    by: Change,
  ): Promise<boolean>;
  offerTotp(staffId: number, sealed: string): Promise<void>;
  /** Takes the pending secret for good, if it is still this one. */
  confirmTotp(
    staffId: number,
    next: { sealed: string; step: number; recoveryHashes: string[] },
    by: Change,
  ): Promise<boolean>;
  /** False: this half minute's number, or a later one, was used before. */
  useTotpStep(staffId: number, step: number): Promise<boolean>;
  /** False: no such code, or used before. */
  useRecoveryCode(staffId: number, hash: string, by: Change): Promise<boolean>;
  /** Somebody whom this country had added itself leaves the e-mail address to who has it at home, and is made inactive. */
  freeAddress(staffId: number, by: Change): Promise<Registered>;
  /** The next sign-in enrols anew; signed out everywhere at once. */
  resetTotp(staffId: number, by: Change): Promise<Registered>;
}
