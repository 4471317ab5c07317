import type { CountryCode } from "../domain/country.ts";
import { type ClaimsRefusal, readClaims } from "../domain/identity.ts";
import { err, ok, type Result } from "../domain/result.ts";
import type { HomeStaff, TakeRefusal, TokenReader } from "../ports/identity.ts";
import { fromAddress, type Origin, type SessionPorts, userAgentOf } from "./open-session.ts";

export type TakePorts = Pick<SessionPorts, "attempts" | "secrets" | "now" | "requestId"> & {
  reader: TokenReader;
  homeStaff: HomeStaff;
  /** Whose word is taken, and where. */
  issuer: string;
  country: CountryCode;
};

export type TakeError = { kind: "wait"; ms: number } | { kind: ClaimsRefusal | TakeRefusal };

/** What goes into the browser's cookie: its own session, gone on, or another. */
export type Taken = { token: string; expiresAt: number };

/**
 * Signs somebody in by the word of the staff's home. Each try is counted before the signature is looked at; a word that the
 * home did sign is no try.
 */
export async function takeToken(
  ports: TakePorts,
  { token, own, from }: { token: string; own: string | null; from: Pick<Origin, "address" | "userAgent"> },
): Promise<Result<Taken, TakeError>> {
  const { attempts, secrets, reader, issuer, country } = ports;
  const address = fromAddress(secrets, from.address);
  const waitMs = await attempts.take([address], ports.now());
  if (waitMs > 0) return err({ kind: "wait", ms: waitMs });
  const payload = await reader.read(token);
  if (payload === null) return err({ kind: "forged" });
  await attempts.succeeded({ forget: [], keep: [address.key] }, ports.now());
  const at = ports.now();
  const claims = readClaims(payload, { issuer, country, now: at });
  if (!claims.ok) return err({ kind: claims.error });
  const drawn = secrets.drawToken();
  const taken = await ports.homeStaff.take(
    { ...claims.value, home: issuer, country },
    {
      tokenHash: drawn.hash,
      ownHash: own === null ? null : secrets.hashToken(own),
      userAgent: userAgentOf(from.userAgent),
    },
    { actor: `home ${issuer}`, reason: null, at, requestId: ports.requestId },
  );
  if (!taken.ok) return err({ kind: taken.error });
  return ok({ token: taken.value.own && own !== null ? own : drawn.token, expiresAt: taken.value.expiresAt });
}
