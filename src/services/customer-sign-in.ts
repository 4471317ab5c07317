import { canonicalAccount } from "../domain/account.ts";
import { err, ok, type Result } from "../domain/result.ts";
import { addressKey, attemptKey, CLAIM_CODE, canonicalPassword, passwordFault } from "../domain/sign-in.ts";
import type { CustomerLogins } from "../ports/customer-logins.ts";
import type { EnqueueAnswer, OutgoingSms } from "../ports/mailboxes.ts";
import type { Change, RegistryRefusal } from "../ports/registry.ts";
import type { CustomerSession } from "../ports/sessions.ts";
import { fromAddress, type Opened, type Origin, openSession, type SessionPorts, triesOf } from "./open-session.ts";
import { bindSms, type SmsPorts } from "./send-sms.ts";
import type { SignInError, Weak } from "./sign-in.ts";

export type CustomerPorts = SessionPorts & { logins: CustomerLogins };
export type CodePorts = CustomerPorts &
  SmsPorts & { enqueue(phoneId: string, sms: OutgoingSms): Promise<EnqueueAnswer> };

const identityOf = (account: string) => `account ${account}`;
export const customerActor = (account: string) => `customer:${account}`;
/** One spelling; what is no account is nobody's, and takes the same road to the same answer. */
const accountOf = (typed: string) => {
  const account = canonicalAccount(typed);
  return account.ok ? account.value : "";
};
const markOf = (account: string, code: string) => `${account} ${code}`;

/** Whether a code may be asked for from here now; the same for accounts that do not exist. 0: yes. */
export const waitForCode = ({ attempts, secrets, now }: CustomerPorts, address: string) =>
  attempts.take([attemptKey("code", secrets.hashToken(addressKey(address)))], now());

/**
 * Sends a code to the phone on file, when there is such an account, with a phone, and few codes went out lately. Never in
 * the request that asked for it: what it finds, and how long it takes, is nobody's to see.
 */
export async function sendClaimCode(ports: CodePorts, typed: string): Promise<"sent" | "nothing to send" | "no phone"> {
  const account = accountOf(typed);
  const { code, hash } = newCode(ports, account);
  const drawn = await ports.logins.drawCode(account, hash, ports.now());
  if (drawn === null) return "nothing to send";
  const { codeId, phone: to } = drawn;
  const createdAt = ports.now();
  const bound = await bindSms(
    ports,
    {
      kind: "claim_code",
      key: `claim-code:${codeId}`,
      to,
      account,
      language: drawn.language ?? ports.country.languages[0] ?? "en",
      receipt: null,
      code,
      createdAt,
      expiresAt: createdAt + CLAIM_CODE.livesMs,
    },
    createdAt,
  );
  if (!bound.ok) return "no phone";
  await ports.enqueue(bound.value.phoneId, bound.value.sms);
  return "sent";
}

function newCode({ secrets }: CustomerPorts, account: string) {
  const code = secrets.drawDigits(CLAIM_CODE.digits);
  return { code, hash: secrets.mark("claim", markOf(account, code)) };
}

/** The same code for an operator who has the person in front, and no phone to send it to. */
export async function drawClaimCode(
  ports: CustomerPorts,
  account: string,
  by: Change,
): Promise<Result<{ code: string }, RegistryRefusal>> {
  const { code, hash } = newCode(ports, account);
  const drawn = await ports.logins.drawCodeByHand(account, hash, by);
  return drawn.ok ? ok({ code }) : err(drawn.error);
}

/** Whoever has the code sets the password and is signed in. */
export async function claimAccount(
  ports: CustomerPorts,
  { account: typed, code, password, from }: { account: string; code: string; password: string; from: Origin },
): Promise<Result<Opened & { account: string }, SignInError | Weak>> {
  const { logins, secrets, attempts } = ports;
  const account = accountOf(typed);
  const chosen = canonicalPassword(password);
  const fault = passwordFault("customer", chosen, [account]);
  if (fault !== null) return err({ kind: "weak", expected: fault });
  const address = fromAddress(secrets, from.address);
  const waitMs = await attempts.take([address], ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const tried = await logins.takeTry(account, ports.now());
  const digits = code.replace(/[\s-]/g, "");
  if (tried === null || !secrets.isMark("claim", markOf(account, digits), tried.codeHash))
    return err({ kind: "wrong" });
  const by = { actor: customerActor(account), reason: null, at: ports.now(), requestId: ports.requestId };
  if (!(await logins.claim(tried.codeId, await secrets.hashPassword(chosen), by))) return err({ kind: "wrong" });
  const forget = [attemptKey("identity", secrets.hashToken(identityOf(account))).key];
  await attempts.succeeded({ forget, keep: [address.key] }, ports.now());
  const { device } = triesOf(ports, identityOf(account), from);
  return ok({
    ...(await openSession(ports, { account }, identityOf(account), { ...from, device }, "customer")),
    account,
  });
}

/** Account number and password. Nobody learns from the answer, or from how long it takes, whether the account exists. */
export async function signInCustomer(
  ports: CustomerPorts,
  { account: typed, password, from }: { account: string; password: string; from: Origin },
): Promise<Result<Opened & { account: string }, SignInError>> {
  const account = accountOf(typed);
  const tries = triesOf(ports, identityOf(account), from);
  const waitMs = await ports.attempts.take(tries.keys, ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const login = await ports.logins.login(account);
  const isRight = await ports.secrets.isPassword(canonicalPassword(password), login?.passwordHash ?? null);
  if (!isRight) return err({ kind: "wrong" });
  await ports.attempts.succeeded(tries.succeeded, ports.now());
  const own = { ...from, device: tries.device };
  return ok({ ...(await openSession(ports, { account }, identityOf(account), own, "customer")), account });
}

/** Another password for a customer who is signed in and knows the old one. */
export async function changeCustomerPassword(
  ports: CustomerPorts,
  { account, sessionId }: CustomerSession,
  { old, next }: { old: string; next: string },
): Promise<Result<null, SignInError | Weak>> {
  const key = attemptKey("factor", `password ${account}`);
  const waitMs = await ports.attempts.take([key], ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const login = await ports.logins.login(account);
  const isRight = await ports.secrets.isPassword(canonicalPassword(old), login?.passwordHash ?? null);
  if (!isRight) return err({ kind: "wrong" });
  await ports.attempts.succeeded({ forget: [key.key], keep: [] }, ports.now());
  const chosen = canonicalPassword(next);
  const fault = passwordFault("customer", chosen, [account, old]);
  if (fault !== null) return err({ kind: "weak", expected: fault });
  const by = { actor: customerActor(account), reason: null, at: ports.now(), requestId: ports.requestId };
  await ports.logins.setPassword(account, await ports.secrets.hashPassword(chosen), sessionId, by);
  return ok(null);
}
