import { describe, expect, it } from "vitest";
import { assessNamed, assessPayment, assessRepeat, isSenderOf, localDay } from "../../src/domain/till-rules.ts";

const limits = {
  senders: ["MPESA", "199"],
  caps: { paymentMinorMax: 10_000, accountDayMinorMax: 15_000, tillDayMinorMax: 50_000, chainBreakMinorMax: 2_000 },
};
const fresh = { tillMinor: 0, accountMinor: 0, chainBroken: false };
const question = { sender: "MPESA", amountMinor: 5_000, account: "0045MAK" };

describe("assessPayment", () => {
  it.each`
    changes                                          | because     | why
    ${{}}                                            | ${null}     | ${"an ordinary payment"}
    ${{ amountMinor: 10_000 }}                       | ${null}     | ${"exactly at the payment's cap"}
    ${{ amountMinor: 10_001 }}                       | ${"cap"}    | ${"one above it"}
    ${{ amountMinor: 0 }}                            | ${"cap"}    | ${"nothing"}
    ${{ amountMinor: 0.5 }}                          | ${"cap"}    | ${"half a minor unit"}
    ${{ sender: "MPESA2" }}                          | ${"sender"} | ${"another sender"}
    ${{ sender: "MPESA2", amountMinor: 99_999_999 }} | ${"sender"} | ${"the sender is the stronger reason"}
    ${{ accountMinor: 10_000 }}                      | ${null}     | ${"exactly at the account's day"}
    ${{ accountMinor: 10_001 }}                      | ${"cap"}    | ${"one above it"}
    ${{ accountMinor: 10_001, account: null }}       | ${null}     | ${"it goes to no account"}
    ${{ tillMinor: 45_000 }}                         | ${null}     | ${"exactly at the till's day"}
    ${{ tillMinor: 45_001 }}                         | ${"cap"}    | ${"one above it"}
    ${{ chainBroken: true }}                         | ${"chain"}  | ${"the chain is broken"}
    ${{ chainBroken: true, amountMinor: 2_000 }}     | ${null}     | ${"a small one while the chain is broken"}
    ${{ chainBroken: true, amountMinor: 10_001 }}    | ${"cap"}    | ${"the cap is the stronger reason"}
  `("$why: $because", ({ changes, because }) => {
    const { tillMinor = 0, accountMinor = 0, chainBroken = false, ...asked } = changes;
    const verdict = assessPayment(
      limits,
      { ...fresh, tillMinor, accountMinor, chainBroken },
      { ...question, ...asked },
    );
    expect(verdict.allow ? null : verdict.because).toBe(because);
  });
});

describe("assessRepeat", () => {
  const nobodys = { allow: true, account: null, amountMinor: 5_000 } as const;
  const refused = { allow: false, because: "cap", detail: "" } as const;
  const strangers = { ...refused, because: "sender" } as const;
  it.each`
    why                                          | judged                                   | asked                     | told
    ${"names who was missing"}                   | ${nobodys}                               | ${{}}                     | ${"judge"}
    ${"names nobody either"}                     | ${nobodys}                               | ${{ account: null }}      | ${"allowed"}
    ${"names who was named"}                     | ${{ ...nobodys, account: "0045MAK" }}    | ${{}}                     | ${"allowed"}
    ${"names another than was named"}            | ${{ ...nobodys, account: "0046MAK" }}    | ${{}}                     | ${"allowed"}
    ${"has another amount, which is a conflict"} | ${nobodys}                               | ${{ amountMinor: 5_001 }} | ${"allowed"}
    ${"comes from somebody not on the list"}     | ${nobodys}                               | ${{ sender: "MPESA2" }}   | ${"sender"}
    ${"the same of one that was named"}          | ${{ ...nobodys, account: "0045MAK" }}    | ${{ sender: "MPESA2" }}   | ${"sender"}
    ${"of one that was refused"}                 | ${refused}                               | ${{}}                     | ${"cap"}
    ${"of that, from somebody not on the list"}  | ${refused}                               | ${{ sender: "MPESA2" }}   | ${"sender"}
    ${"of what an earlier release refused so"}   | ${strangers}                             | ${{}}                     | ${"judge"}
    ${"of that, from somebody not on the list"}  | ${strangers}                             | ${{ sender: "MPESA2" }}   | ${"sender"}
    ${"after the named one was refused"}         | ${{ ...nobodys, namedRefusal: refused }} | ${{}}                     | ${"cap"}
    ${"of what an earlier release has judged"}   | ${{ allow: true }}                       | ${{}}                     | ${"allowed"}
  `("$why: $told", ({ judged, asked, told }) => {
    const said = assessRepeat(limits, judged, { ...question, ...asked });
    expect(said === "judge" ? said : said.allow ? "allowed" : said.because).toBe(told);
  });

  it("has room for a named payment up to the account's day, exactly", () => {
    expect(assessNamed(limits, 10_000, question)).toEqual({ allow: true });
    expect(assessNamed(limits, 10_001, question)).toMatchObject({ allow: false, because: "cap" });
  });
});

describe("isSenderOf", () => {
  it.each`
    sender        | listed
    ${"MPESA"}    | ${true}
    ${"mPesa"}    | ${true}
    ${" MPESA\n"} | ${true}
    ${"199"}      | ${true}
    ${"M-PESA"}   | ${false}
    ${"MPESА"}    | ${false}
    ${"ＭPESA"}   | ${false}
    ${"MPE SA"}   | ${false}
    ${"+199"}     | ${false}
    ${""}         | ${false}
  `("takes $sender for one of the list: $listed", ({ sender, listed }) => {
    expect(isSenderOf(limits.senders, sender)).toBe(listed);
  });

  it("believes nobody when the list is empty", () => {
    expect(isSenderOf([], "")).toBe(false);
    expect(isSenderOf([" "], " ")).toBe(false);
  });
});

describe("localDay", () => {
  it.each`
    at                            | offset | day
    ${"2026-11-20T21:59:59.999Z"} | ${120} | ${"2026-11-20"}
    ${"2026-11-20T22:00:00.000Z"} | ${120} | ${"2026-11-21"}
    ${"2026-11-20T22:59:59.999Z"} | ${60}  | ${"2026-11-20"}
    ${"2026-12-31T23:00:00.000Z"} | ${60}  | ${"2027-01-01"}
  `("is $day at $at, $offset minutes ahead", ({ at, offset, day }) => {
    expect(localDay(Date.parse(at), offset)).toBe(day);
  });
});
