import type { CountryCode } from "../domain/country.ts";
import { rolesAnywhere } from "../domain/grant.ts";
import { err, ok, type Result } from "../domain/result.ts";
import {
  attemptKey,
  canonicalEmail,
  canonicalPassword,
  INVITATION_MS,
  needsSecondFactor,
  passwordFault,
  RECOVERY_CODES,
  SESSION,
} from "../domain/sign-in.ts";
import type { StaffSession } from "../ports/sessions.ts";
import type { Credentials, Staff } from "../ports/staff.ts";
import { fromAddress, type Opened, type Origin, openSession, type SessionPorts, triesOf } from "./open-session.ts";

/** `isHome`: also who works only in other countries signs in here. */
export type SignInPorts = SessionPorts & { staff: Staff; country: CountryCode; isHome: boolean };

/** wait: too many failures. wrong: the same word for whatever is not right, also for nobody. */
export type SignInError = { kind: "wait"; ms: number } | { kind: "wrong" };
export type Weak = { kind: "weak"; expected: string };

/** What is still to be shown: nothing, a number of the authenticator, or first the authenticator itself. */
export type Next = "done" | "second_factor" | "enrol";

export const actorOf = ({ staffId, email }: { staffId: number; email: string }) => `staff:${staffId} ${email}`;
const ownerOf = (staffId: number) => `staff:${staffId}`;
const identityOf = (email: string) => `staff ${email}`;

/** E-mail and password. Every try is counted before the password is looked at, and takes as long for nobody. */
export async function signIn(
  ports: SignInPorts,
  { email: typed, password, from }: { email: string; password: string; from: Origin },
): Promise<Result<Opened & { next: Next }, SignInError>> {
  const email = canonicalEmail(typed) ?? "";
  const tries = triesOf(ports, identityOf(email), from);
  const waitMs = await ports.attempts.take(tries.keys, ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const member = await ports.staff.byEmail(email);
  const isRight = await ports.secrets.isPassword(canonicalPassword(password), member?.passwordHash ?? null);
  if (!isRight || member === null || !comesInHere(ports, member)) return err({ kind: "wrong" });
  await ports.attempts.succeeded(tries.succeeded, ports.now());
  return ok(await opened(ports, member, { ...from, device: tries.device }));
}

const comesInHere = ({ country, isHome }: SignInPorts, { active, countries }: Credentials) =>
  active && (isHome || countries.includes(country));

async function opened(ports: SignInPorts, member: Credentials, from: Origin): Promise<Opened & { next: Next }> {
  const isEnrolled = member.totpSecret !== null;
  const next: Next = isEnrolled ? "second_factor" : needsSecondFactor(rolesAnywhere(member)) ? "enrol" : "done";
  const whose = { staffId: member.staffId };
  const kind = next === "done" ? "staff" : "pending";
  return { ...(await openSession(ports, whose, identityOf(member.email), from, kind)), next };
}

/** The authenticator's secret, shown once to whoever has none yet. */
export async function offerSecondFactor(
  ports: SignInPorts,
  { staffId, email }: StaffSession,
): Promise<Result<{ secret: string; uri: string }, { kind: "enrolled" }>> {
  const member = await ports.staff.byId(staffId);
  if (member === null || member.totpSecret !== null) return err({ kind: "enrolled" });
  const secret = ports.secrets.drawTotpSecret();
  await ports.staff.offerTotp(staffId, ports.secrets.seal(ownerOf(staffId), secret));
  return ok({ secret, uri: ports.secrets.provisioningUri(secret, email) });
}

export type Shown = { code: string } | { recoveryCode: string };

/**
 * The second factor: a number of the authenticator, each half minute's once, or a code from paper, each once. The first
 * number proves that the authenticator has the secret, and gives the codes for paper. The session gets another token.
 */
export async function showSecondFactor(
  ports: SignInPorts,
  session: StaffSession,
  shown: Shown,
): Promise<Result<{ token: string; expiresAt: number; recoveryCodes: string[] | null }, SignInError>> {
  const key = attemptKey("factor", String(session.staffId));
  const waitMs = await ports.attempts.take([key], ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const member = await ports.staff.byId(session.staffId);
  const recoveryCodes = member === null ? false : await proved(ports, member, shown);
  if (recoveryCodes === false) return err({ kind: "wrong" });
  await ports.attempts.succeeded({ forget: [key.key], keep: [] }, ports.now());
  const at = ports.now();
  const { token, hash } = ports.secrets.drawToken();
  const expiresAt = at + SESSION.staff.totalMs;
  const next = { tokenHash: hash, idleMs: SESSION.staff.idleMs, expiresAt, at };
  if (!(await ports.sessions.strengthen(session.sessionId, next))) return err({ kind: "wrong" });
  return ok({ token, expiresAt, recoveryCodes });
}

/** False: it proves nothing. Codes for paper when this was the first number. */
async function proved(ports: SignInPorts, member: Credentials, shown: Shown): Promise<string[] | null | false> {
  const { staff, secrets } = ports;
  const { staffId } = member;
  const by = { actor: actorOf(member), reason: null, at: ports.now(), requestId: ports.requestId };
  if ("recoveryCode" in shown)
    return member.totpSecret !== null &&
      (await staff.useRecoveryCode(staffId, secrets.hashToken(asTyped(shown.recoveryCode)), by))
      ? null
      : false;
  const sealed = member.totpSecret ?? member.totpPending;
  const secret = sealed === null ? null : secrets.unseal(ownerOf(staffId), sealed);
  if (sealed !== null && secret === null)
    throw new Error("a second factor is sealed under a key that is not among SIGN_IN_KEYS");
  const step = secret === null ? null : secrets.totpStepOf(secret, shown.code, ports.now());
  if (sealed === null || step === null) return false;
  if (member.totpSecret !== null) return (await staff.useTotpStep(staffId, step)) ? null : false;
  const codes = Array.from({ length: RECOVERY_CODES }, () => secrets.drawPaperCode());
  const recoveryHashes = codes.map((code) => secrets.hashToken(code));
  return (await staff.confirmTotp(staffId, { sealed, step, recoveryHashes }, by)) ? codes.map(spaced) : false;
}

/** On paper in fours; typed with or without what stands between. */
const spaced = (code: string) => code.replace(/(.{4})(?=.)/g, "$1-");
const asTyped = (code: string) => code.toLowerCase().replace(/[\s-]/g, "");

/** A link by which one person sets a password, once. The code is shown once; its hash is kept. */
export const drawInvitation = ({ secrets, now }: SessionPorts) => {
  const { token: code, hash } = secrets.drawToken();
  return { code, invitation: { hash, expiresAt: now() + INVITATION_MS } };
};

/** Sets the password by an invitation, and signs in. The second factor stays what it was. */
export async function takeInvitation(
  ports: SignInPorts,
  { code, password, from }: { code: string; password: string; from: Origin },
): Promise<Result<Opened & { next: Next; email: string }, SignInError | Weak>> {
  const { staff, secrets, attempts } = ports;
  const hash = secrets.hashToken(code);
  const address = fromAddress(secrets, from.address);
  const waitMs = await attempts.take([address], ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const member = await staff.byInvitation(hash, ports.now());
  if (member === null || !comesInHere(ports, member)) return err({ kind: "wrong" });
  const typed = canonicalPassword(password);
  const fault = passwordFault("staff", typed, [member.email, member.name]);
  if (fault !== null) return err({ kind: "weak", expected: fault });
  const passwordHash = await secrets.hashPassword(typed);
  const by = { actor: actorOf(member), reason: null, at: ports.now(), requestId: ports.requestId };
  if (!(await staff.setPassword(member.staffId, { passwordHash, invitationHash: hash, keep: null }, by)))
    return err({ kind: "wrong" });
  const tries = triesOf(ports, identityOf(member.email), from);
  const forget = [attemptKey("identity", secrets.hashToken(identityOf(member.email))).key];
  await attempts.succeeded({ forget, keep: [address.key] }, ports.now());
  return ok({ ...(await opened(ports, member, { ...from, device: tries.device })), email: member.email });
}

/** Another password for somebody who is signed in and knows the old one. Every other session of theirs ends. */
export async function changePassword(
  ports: SignInPorts,
  session: StaffSession,
  { old, next }: { old: string; next: string },
): Promise<Result<null, SignInError | Weak>> {
  const key = attemptKey("factor", `password ${session.staffId}`);
  const waitMs = await ports.attempts.take([key], ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const member = await ports.staff.byId(session.staffId);
  const isRight = await ports.secrets.isPassword(canonicalPassword(old), member?.passwordHash ?? null);
  if (!isRight || member === null) return err({ kind: "wrong" });
  await ports.attempts.succeeded({ forget: [key.key], keep: [] }, ports.now());
  const typed = canonicalPassword(next);
  const fault = passwordFault("staff", typed, [member.email, member.name, old]);
  if (fault !== null) return err({ kind: "weak", expected: fault });
  const passwordHash = await ports.secrets.hashPassword(typed);
  const by = { actor: actorOf(member), reason: null, at: ports.now(), requestId: ports.requestId };
  await ports.staff.setPassword(session.staffId, { passwordHash, invitationHash: null, keep: session.sessionId }, by);
  return ok(null);
}
