import { type Context, Hono } from "hono";
import { log } from "../../src/ports/log.ts";
import type { CustomerSession } from "../../src/ports/sessions.ts";
import { customerCard } from "../../src/queries/customers.ts";
import { myPayment } from "../../src/queries/my-payments.ts";
import { claimAccount, signInCustomer, waitForCode } from "../../src/services/customer-sign-in.ts";
import type { SignInError, Weak } from "../../src/services/sign-in.ts";
import { anyone } from "../allow.ts";
import { limited } from "../body.ts";
import type { Env } from "../env.ts";
import { clockOf, readerOf } from "../ports.ts";
import { customerPortsOf, dropSession, foreignPage, keepDevice, keepSession, originOf, sessionOf } from "../session.ts";
import { askCodePage, claimPage, downPage, signInPage } from "./my-forms.ts";
import { type C, frameOf, keepLanguage, type Said, sayOnPage, takeSaid } from "./my-frame.ts";
import { lookAtMine } from "./my-look.ts";
import { noReceiptPage, receiptPage } from "./my-receipt.ts";
import { myView } from "./my-view.ts";

const WHY = "the page by which a customer signs in; what is shown of an account needs that account's session";
/** Where every form goes back to: addresses are relative, since the country may stand before them. */
const PAGE = "../my";
const TYPED_CHARS_MAX = 300;
const RECEIPT_CHARS_MAX = 300;

type Typed = { account: string; password: string; code: string };

/** A form's fields, or why it is not taken. */
async function typedIn(c: C, ...needed: (keyof Typed)[]): Promise<Typed | Said> {
  const body = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>);
  const of = (name: keyof Typed) => (typeof body[name] === "string" ? body[name].slice(0, TYPED_CHARS_MAX) : "");
  const typed = { account: of("account").trim(), password: of("password"), code: of("code").replaceAll(/\s/g, "") };
  if (foreignPage(c) !== null) return { say: "foreign", account: typed.account };
  return needed.every((name) => typed[name] !== "") ? typed : { say: "missing", account: typed.account };
}
const isSaid = (typed: Typed | Said): typed is Said => "say" in typed;

const refused = (error: SignInError | Weak, account: string, wrong: "wrong" | "wrong_code"): Said =>
  error.kind === "wait"
    ? { say: "wait", values: { seconds: Math.ceil(error.ms / 1_000) }, account }
    : { say: error.kind === "weak" ? "weak" : wrong, account };

/** Whoever is signed in here as a customer; null: nobody; `down`: the database does not say. */
async function mine(c: Context): Promise<CustomerSession | null | "down"> {
  const session = await sessionOf(c);
  if (session instanceof Response) return session.status === 503 ? "down" : null;
  return session.kind === "customer" ? session : null;
}

async function orDownPage(c: C, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (thrown) {
    log.warn("my page", { error: thrown });
    return downPage(frameOf(c));
  }
}

/** `/my`: the customer's own page, whole without a script. */
export const myPage = new Hono<{ Bindings: Env }>()
  .get("/", anyone(WHY), async (c) => {
    const asked = c.req.query("lang");
    if (asked !== undefined) {
      keepLanguage(c, asked);
      const step = c.req.query("do");
      return c.redirect(step === undefined ? "?" : `?do=${encodeURIComponent(step)}`, 303);
    }
    return orDownPage(c, () => shown(c));
  })
  .post("/sign-in", anyone(WHY), limited, (c) =>
    orDownPage(c, async () => {
      const typed = await typedIn(c, "account", "password");
      if (isSaid(typed)) return sayOnPage(c, typed, PAGE);
      const signed = await signInCustomer(customerPortsOf(c.env), { ...typed, from: originOf(c) });
      if (!signed.ok) return sayOnPage(c, refused(signed.error, typed.account, "wrong"), PAGE);
      keepSession(c, signed.value);
      keepDevice(c, signed.value);
      return sayOnPage(c, null, PAGE);
    }),
  )
  .post("/code", anyone(WHY), limited, (c) =>
    orDownPage(c, async () => {
      const typed = await typedIn(c, "account");
      if (isSaid(typed)) return sayOnPage(c, typed, `${PAGE}?do=claim`);
      const { account } = typed;
      const ms = await waitForCode(customerPortsOf(c.env), originOf(c).address);
      if (ms > 0) return sayOnPage(c, refused({ kind: "wait", ms }, account, "wrong"), `${PAGE}?do=claim`);
      await c.env.JOBS.send({ job: "claim-code", page: account.slice(0, 40) });
      return sayOnPage(c, { say: "code_sent", account }, `${PAGE}?do=code`);
    }),
  )
  .post("/claim", anyone(WHY), limited, (c) =>
    orDownPage(c, async () => {
      const typed = await typedIn(c, "account", "code", "password");
      if (isSaid(typed)) return sayOnPage(c, typed, `${PAGE}?do=code`);
      const claimed = await claimAccount(customerPortsOf(c.env), { ...typed, from: originOf(c) });
      if (!claimed.ok) return sayOnPage(c, refused(claimed.error, typed.account, "wrong_code"), `${PAGE}?do=code`);
      keepSession(c, claimed.value);
      keepDevice(c, claimed.value);
      return sayOnPage(c, null, PAGE);
    }),
  )
  .post("/sign-out", anyone(WHY), async (c) => {
    // Another site's page ends nobody's session.
    if (foreignPage(c) !== null) return sayOnPage(c, { say: "foreign" }, PAGE);
    // The browser forgets it in any case: on a phone that several use, the next must not see this one's page.
    dropSession(c);
    return orDownPage(c, async () => {
      const session = await mine(c);
      if (session === "down") return downPage(frameOf(c));
      if (session !== null) await customerPortsOf(c.env).sessions.end(session.sessionId, clockOf(c.env).now());
      return sayOnPage(c, { say: "signed_out" }, PAGE);
    });
  })
  .get("/receipt/:receipt", anyone(WHY), (c) =>
    orDownPage(c, async () => {
      if (c.req.query("lang") !== undefined) {
        keepLanguage(c, c.req.query("lang") ?? "");
        return c.redirect("?", 303);
      }
      const session = await mine(c);
      if (session === "down") return downPage(frameOf(c));
      if (session === null) return sayOnPage(c, null, "../../my");
      const { account, customerId } = session;
      const db = readerOf(c.env);
      const [paid, card] = await Promise.all([
        myPayment(db, account, c.req.param("receipt").slice(0, RECEIPT_CHARS_MAX)),
        customerCard(db, customerId),
      ]);
      if (paid === null) return noReceiptPage(frameOf(c));
      return receiptPage(frameOf(c), { account, name: card?.name ?? null, now: clockOf(c.env).now() }, paid);
    }),
  );

async function shown(c: C): Promise<Response> {
  const frame = frameOf(c);
  const session = await mine(c);
  if (session === "down") return downPage(frame);
  if (session === null) {
    const said = takeSaid(c);
    const step = c.req.query("do");
    return step === "claim"
      ? askCodePage(frame, said)
      : step === "code"
        ? claimPage(frame, said)
        : signInPage(frame, said);
  }
  const before = /^\d{1,15}$/.exec(c.req.query("before") ?? "")?.[0];
  const look = await lookAtMine(c.env, session, before === undefined ? null : Number(before));
  c.header("X-My", "signed-in");
  return myView(frame, look, before === undefined ? null : Number(before));
}
