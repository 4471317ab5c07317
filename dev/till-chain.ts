import { GAP_AGE_MS_MAX } from "../src/domain/till-chain.ts";
import type { ChainGap, ChainView, TillView } from "../src/ports/tills.ts";
import type { TillsView } from "../workers/portal/tills-view.ts";
import { amount } from "./amounts.ts";

const MINUTE_MS = 60_000;
const GAP_AGE_MINUTES_MAX = GAP_AGE_MS_MAX / MINUTE_MS;

type Print = { money: (minor: number) => string; time: (at: number) => string };

/** Every till's caps of today and chains, as lines that a person reads at once. `tillId` narrows it to one. */
export function tillLines(view: TillsView, tillId?: string): string[] {
  const print: Print = {
    money: (minor) => `${amount(minor, view.minorDigits)} ${view.currency}`,
    time: (at) => new Date(at + view.utcOffsetMinutes * MINUTE_MS).toISOString().slice(0, 16).replace("T", " "),
  };
  const tills = view.tills.filter(({ facts }) => tillId === undefined || facts.tillId === tillId);
  const silent = view.unanswered.filter((id) => tillId === undefined || id === tillId);
  const gaps = tills.flatMap((till) => till.gaps);
  const open = gaps.filter(({ caseOpen }) => caseOpen).length;
  return [
    `${view.country} at ${print.time(view.asOf)}: ${count(tills.length, "till")}, ${count(gaps.length, "gap")}, ${count(open, "case")} open`,
    ...(view.database === "down" ? ["the database is down: only tills that a phone has named are here"] : []),
    ...tills.flatMap((till) => ["", ...linesOfTill(till, print)]),
    ...silent.map((id) => `\n${id}: does not answer, or has not loaded its memory yet`),
  ];
}

function linesOfTill({ facts, today, chains }: TillView, print: Print): string[] {
  const { caps } = facts;
  const fullest =
    today.fullest === null
      ? ""
      : `; fullest account ${today.fullest.account} ${print.money(today.fullest.countedMinor)} of ${print.money(caps.accountDayMinorMax)}`;
  const isBroken = chains.some(({ gaps }) => gaps.some(({ caseOpen }) => caseOpen));
  return [
    `${facts.tillId}  "${facts.name}"  senders ${facts.senders.join(", ")}`,
    `  today ${today.day}: ${count(today.payments, "payment")}, ${print.money(today.countedMinor)} of ${print.money(caps.tillDayMinorMax)}${fullest}`,
    `  one payment credits by itself up to ${print.money(caps.paymentMinorMax)}${
      isBroken ? `, and only up to ${print.money(caps.chainBreakMinorMax)} while a case is open` : ""
    }`,
    ...(chains.length === 0 ? ["  no text with a balance yet"] : chains.flatMap((chain) => linesOfChain(chain, print))),
  ];
}

function linesOfChain(
  { provider, links, stretches, balanceMinor, balanceAt, gaps }: ChainView,
  print: Print,
): string[] {
  const state = gaps.length > 0 ? count(gaps.length, "gap") : stretches > 1 ? "its gaps settled by a person" : "whole";
  return [
    `  ${provider}: ${count(links, "link")} in ${stretches === 1 ? "1 stretch" : `${stretches} stretches`}, ${state}; balance ${print.money(balanceMinor)} at ${print.time(balanceAt)}`,
    ...gaps.map((gap) => `    ${lineOfGap(gap, print)}`),
  ];
}

function lineOfGap({ startMinor, endMinor, missingMinor, since, agedMs, caseOpen, openedAt }: ChainGap, print: Print) {
  const gap =
    endMinor === null || missingMinor === null
      ? `gap: no balance fits before ${print.money(startMinor)}`
      : `gap from ${print.money(endMinor)} to ${print.money(startMinor)}, ${signed(missingMinor, print)} missing`;
  const state = caseOpen
    ? `CASE OPEN${openedAt === null ? "" : ` since ${print.time(openedAt)}`}`
    : `no case yet: aged ${Math.floor(agedMs / MINUTE_MS)} of ${GAP_AGE_MINUTES_MAX} minutes`;
  return `${gap}, since ${print.time(since)}; ${state}; --balance ${startMinor}`;
}

const signed = (minor: number, print: Print) => `${minor < 0 ? "−" : "+"}${print.money(Math.abs(minor))}`;
const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
