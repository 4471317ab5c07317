import type { Credentials, Staff, StaffMember } from "../../ports/staff.ts";
import type { Database, Statement } from "./database.ts";
import { change } from "./registry-write.ts";
import {
  ADD_MEMBER,
  CHANGE_MEMBER,
  CONFIRM_TOTP,
  COUNTRIES_OF,
  FREE_ADDRESS,
  GRANTS_OF,
  INVITE_MEMBER,
  RESET_TOTP,
  SET_PASSWORD,
  USE_RECOVERY_CODE,
} from "./staff-write.ts";

const PLACES = `${COUNTRIES_OF("s.id")} AS countries, ${GRANTS_OF("s.id")} AS grants`;

const CREDENTIALS = `SELECT s.id AS "staffId", s.email, s.name, s.roles, ${PLACES}, s.active,
  s.password_hash AS "passwordHash", s.totp_secret AS "totpSecret", s.totp_pending AS "totpPending" FROM staff s`;

export const neonStaff = (db: Database): Staff => {
  const one = async (where: string, params: string[]) =>
    (await db.read<Credentials>(`${CREDENTIALS} WHERE ${where}`, params))[0] ?? null;
  return {
    list: (after, limit) =>
      db.read<StaffMember>(
        `SELECT s.id AS "staffId", s.email, s.name, s.roles, s.site_code AS site, ${PLACES}, s.active,
          s.totp_secret IS NOT NULL AS "secondFactor", s.password_hash IS NOT NULL AS "hasPassword", s.home,
          cc_ms(s.invitation_expires_at) AS "invitedUntil"
        FROM staff s WHERE s.id > $1::bigint ORDER BY s.id LIMIT $2::integer`,
        [String(after), String(limit)],
      ),
    byEmail: (email) => one("s.email = $1::text", [email]),
    byId: (staffId) => one("s.id = $1::bigint", [String(staffId)]),
    byInvitation: (hash, now) =>
      one("s.invitation_hash = $1::text AND s.invitation_expires_at > cc_at($2::bigint) AND s.active", [
        hash,
        String(now),
      ]),
    add: (member, invitation, by) => change(db, { ...member, ...invitation }, by, ADD_MEMBER),
    change: (staffId, next, by) =>
      change(db, { ...next, staffId, hasSite: next.site !== undefined }, by, CHANGE_MEMBER),
    invite: (staffId, invitation, by) => change(db, { staffId, ...invitation }, by, INVITE_MEMBER),
    setPassword: async (staffId, next, by) => (await change(db, { staffId, ...next }, by, SET_PASSWORD)).ok,
    async offerTotp(staffId, sealed) {
      await db.transaction([
        {
          query: "UPDATE staff SET totp_pending = $2::text WHERE id = $1::bigint",
          params: [String(staffId), sealed],
        },
      ]);
    },
    confirmTotp: async (staffId, next, by) => (await change(db, { staffId, ...next }, by, CONFIRM_TOTP)).ok,
    useTotpStep: (staffId, step) =>
      isOne(db, {
        query: `UPDATE staff SET totp_step = $2::bigint WHERE id = $1::bigint AND coalesce(totp_step, 0) < $2::bigint
          RETURNING '1' AS row`,
        params: [String(staffId), String(step)],
      }),
    useRecoveryCode: async (staffId, hash, by) => (await change(db, { staffId, hash }, by, USE_RECOVERY_CODE)).ok,
    freeAddress: (staffId, by) => change(db, { staffId }, by, FREE_ADDRESS),
    resetTotp: (staffId, by) => change(db, { staffId }, by, RESET_TOTP),
  };
};

/** Whether the statement did it: it returns a row then. */
export const isOne = async (db: Database, statement: Statement) =>
  ((await db.transaction([statement]))[0] ?? []).length === 1;
