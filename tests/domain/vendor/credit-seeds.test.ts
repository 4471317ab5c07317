import { expect, it } from "vitest";
import { type CreditAnswer, judgeFound, judgeReversed, judgeSent } from "../../../src/domain/judge-credit.ts";
import {
  begun,
  type CreditCall,
  hasEnded,
  learnFound,
  learnReversed,
  learnSent,
  newCredit,
  revived,
  settledThere,
  unwanted,
  type VendorCredit,
} from "../../../src/domain/vendor-credit.ts";
import { creditDueAt, withCase } from "../../../src/domain/vendor-credit-case.ts";
import { random } from "../../random.ts";

const LIVES = 3_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ORDER = {
  externalId: "receipt:QK7#1.1",
  vendor: "koios" as const,
  customerCode: "0045SEH",
  amountMinor: 2_000,
  currency: "LSL" as const,
  memo: "1PWR ref QK7",
};

/** One credit's life with a bad vendor and a machine that dies. What leaves us may arrive minutes after it was given up. */
class Life {
  readonly #chance: (percent: number) => boolean;
  readonly #upTo: (max: number) => number;
  now = 0;
  credit: VendorCredit = newCredit(ORDER, 0);
  /** What stands at the vendor under our id, and since when. */
  there: { status: "processed" | "pending" | "reversed" } | null = null;
  booked = 0;
  /** What is under way and has not arrived. */
  #late: { at: number; act: () => void }[] = [];
  readonly log: string[] = [];

  constructor(seed: number) {
    const below = random(seed);
    this.#chance = (percent) => below(100) < percent;
    this.#upTo = (max) => below(max);
  }

  live(badUntil: number, reversedAt: number | null) {
    for (let step = 0; step < 400 && this.now < 4 * DAY; step++) {
      const dueAt = creditDueAt(this.credit);
      const isReversal =
        reversedAt !== null && this.credit.unwantedAt === null && (dueAt === null || reversedAt <= dueAt);
      if (dueAt === null && !isReversal) return;
      this.now = Math.max(this.now + 1, isReversal ? (reversedAt ?? 0) : (dueAt ?? 0));
      this.#arrive();
      if (isReversal) this.#keep(unwanted(this.credit, this.now));
      else this.#turn(this.now < badUntil);
    }
  }

  #turn(isBad: boolean) {
    for (let n = 0; n < 4; n++) {
      if (this.credit.nextAt === null || this.credit.nextAt > this.now) return this.#keep(this.credit);
      const call = this.credit.next;
      this.#keep(begun(this.credit, this.now));
      if (isBad && this.#chance(8)) return; // dies before the call leaves
      const answer = this.#ask(call, isBad);
      this.log.push(`${Math.round(this.now / 1_000)} s ${call} ${answer.came === "none" ? "none" : answer.status}`);
      if (isBad && this.#chance(8)) return; // dies before the answer is written down
      this.now += 1;
      this.#keep(this.#learned(call, answer));
    }
  }

  #learned(call: CreditCall, answer: CreditAnswer): VendorCredit {
    if (call === "send") return learnSent(this.credit, judgeSent("koios", answer), this.now);
    if (call === "find") return learnFound(this.credit, judgeFound("koios", answer, ORDER), this.now);
    return learnReversed(this.credit, judgeReversed(answer), this.now);
  }

  #keep(credit: VendorCredit) {
    this.credit = withCase(credit, this.now);
  }

  #ask(call: CreditCall, isBad: boolean): CreditAnswer {
    const trouble = isBad ? this.#upTo(10) : 9;
    if (trouble === 0) return NONE; // never arrives
    if (trouble === 1) {
      // Arrives within a minute and a half, whoever still listens.
      if (call !== "find") this.#late.push({ at: this.now + this.#upTo(90_000), act: () => this.#do(call) });
      return NONE;
    }
    if (trouble === 2) return PAGE;
    if (trouble === 3) return { came: "answer", status: 502, body: "" };
    const done = this.#do(call);
    if (trouble === 4) return NONE;
    if (trouble === 5) return { came: "answer", status: 504, body: "" };
    if (trouble === 6 && call === "send" && done.status < 300) return { came: "answer", status: 201, body: "" };
    return { came: "answer", ...done };
  }

  #do(call: CreditCall): { status: number; body: string } {
    const said = JSON.stringify({
      errors: [],
      data: {
        id: "p1",
        external_id: ORDER.externalId,
        amount: { value: "20.00", currency: "LSL" },
        status: this.there?.status,
      },
    });
    if (call === "find") return this.there === null ? NOT_FOUND : { status: 200, body: said };
    if (call === "reverse") {
      if (this.there === null) return NOT_FOUND;
      this.there.status = "reversed";
      return { status: 201, body: said };
    }
    if (this.there !== null)
      return { status: 400, body: JSON.stringify({ errors: [{ title: "external_id has already been taken" }] }) };
    this.booked += 1;
    this.there = { status: this.#chance(40) ? "pending" : "processed" };
    if (this.there.status === "pending") {
      const mine = this.there;
      this.#late.push({ at: this.now + this.#upTo(30 * MINUTE), act: () => process(mine) });
    }
    return { status: 201, body: said.replace('"data":{', `"data":{"was":"${this.there.status}",`) };
  }

  #arrive() {
    const due = this.#late.filter(({ at }) => at <= this.now);
    this.#late = this.#late.filter(({ at }) => at > this.now);
    for (const { act } of due) act();
  }
}

const process = (there: { status: string }) => {
  if (there.status === "pending") there.status = "processed";
};
const NONE: CreditAnswer = { came: "none", detail: "no answer" };
const PAGE: CreditAnswer = { came: "answer", status: 200, body: "<html>Sign in</html>" };
const NOT_FOUND = { status: 404, body: JSON.stringify({ errors: [{ title: "Not Found" }], data: null }) };

it(`${LIVES} lives of a credit through lost answers, late arrivals, pages and deaths: it arrives once, and its case is closed`, () => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= LIVES; seed++) {
    const life = new Life(seed);
    life.live((seed % 7) * 10 * MINUTE, null);
    const { credit, booked, there } = life;
    const isRight =
      credit.state === "confirmed" && booked === 1 && there?.status === "processed" && credit.caseOpenedAt === null;
    if (!isRight) wrong.push(`seed ${seed}: ${credit.state} booked ${booked} ${there?.status}\n${life.log.join("\n")}`);
  }
  expect(wrong.slice(0, 3)).toEqual([]);
});

it(`${LIVES} lives in which the payment is reversed at some moment: nothing of it stays in the wallet, or a person is told`, () => {
  const wrong: string[] = [];
  let taken = 0;
  for (let seed = 1; seed <= LIVES; seed++) {
    const life = new Life(seed);
    life.live((seed % 7) * 10 * MINUTE, (seed * 7_919) % (20 * MINUTE));
    const { credit, there } = life;
    if (there?.status === "reversed") taken += 1;
    const isGone =
      there === null ? credit.state === "withdrawn" : there.status === "reversed" && credit.state === "taken_back";
    const isTold = credit.state === "dead" && credit.caseOpenedAt !== null;
    if (!isGone && !isTold) wrong.push(`seed ${seed}: ${credit.state} ${there?.status}\n${life.log.join("\n")}`);
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  expect(taken).toBeGreaterThan(LIVES / 4);
});

it("a vendor that is silent for good leaves it dead with an open case, and a person's word brings it through", () => {
  const life = new Life(1);
  life.live(0, null);
  expect(hasEnded(life.credit.state)).toBe(true);
  const silent = new Life(2);
  for (let n = 0; n < 25 && silent.credit.nextAt !== null; n++) {
    silent.now = silent.credit.nextAt;
    const call = silent.credit.next;
    silent.credit = withCase(begun(silent.credit, silent.now), silent.now);
    const unknown = { is: "unknown" as const, detail: "no answer" };
    const learned =
      call === "send" ? learnSent(silent.credit, unknown, silent.now) : learnFound(silent.credit, unknown, silent.now);
    silent.credit = withCase(learned, silent.now);
  }
  expect(silent.credit).toMatchObject({ state: "dead", because: "given_up", attempts: 20 });
  expect(silent.credit.caseOpenedAt).not.toBeNull();
  const again = revived(silent.credit, silent.now);
  if (again === null) throw new Error("nothing to revive");
  silent.credit = again;
  silent.live(0, null);
  expect(silent.credit.state).toBe("confirmed");
});

it("that was sent, given up, tried again by hand and then reversed is looked for before it is withdrawn", () => {
  const sent = begun(newCredit(ORDER, 0), 0);
  const stuck = { ...sent, state: "dead" as const, because: "given_up" as const, next: "send" as const, nextAt: null };
  const again = revived(stuck, MINUTE);
  expect(again).toMatchObject({ state: "queued", next: "send", attempts: 1 });
  if (again !== null) expect(unwanted(again, 2 * MINUTE)).toMatchObject({ state: "taking_back", next: "find" });
});

it.each([
  ["rejected, wanted", { state: "rejected" }, { state: "confirmed", confirmedAt: MINUTE, because: null }],
  ["dead, its payment reversed", { state: "dead", unwantedAt: 5 }, { state: "taken_back", because: null }],
  ["still going on", { state: "sent" }, null],
  ["confirmed", { state: "confirmed" }, null],
] as const)("that is %s is settled by a person's hand on the platform: %j", (_, over, after) => {
  const credit: VendorCredit = { ...newCredit(ORDER, 0), because: "negative", ...over };
  const settled = settledThere(credit, MINUTE);
  if (after === null) expect(settled).toBeNull();
  else expect(settled).toMatchObject(after);
});
