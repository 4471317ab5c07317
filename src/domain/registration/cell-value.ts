import type { Cell } from "./cell.ts";

/** What a cell says once it is read as what its column means; a string where it cannot, saying what was expected. */
export type CellRead<T> = { value: T | null } | { expected: string };

/** What people and programs write into a cell that is empty. */
const NOTHING = /^(none|null|n\/a|-|–|—)?$/i;
const SPOILT = /^[+-]?\d+([.,]\d+)?E[+-]?\d+$/i;
/** A spreadsheet takes a text that begins so for a formula, and runs it when the list is opened there again. */
const FORMULA = /^[=@\t\r]|^[+-](?![\d\s])/;
/** More digits than these a spreadsheet does not keep: it puts zeros in their place. */
const NUMBER_DIGITS_MAX = 15;

export const AS_TEXT = "format the column as Text and type it again";
const SAYS = {
  formula: "the value itself, not a formula (copy the column and paste values)",
  error: "a value; the spreadsheet shows an error here",
  merged: "cells that are not merged (unmerge them and fill each)",
  boolean: "a text; the spreadsheet made TRUE or FALSE of it",
  date: `what was typed; the spreadsheet made a date of it: ${AS_TEXT}`,
} as const;

/** The text of a cell, one line; what a spreadsheet has made something else of is refused. */
export function readText(cell: Cell | null): CellRead<string> {
  if (cell === null) return { value: null };
  if (cell.kind !== "text" && cell.kind !== "number") return { expected: SAYS[cell.kind] };
  const text = cell.text.normalize("NFC").replace(/\s+/g, " ").trim();
  if (NOTHING.test(text)) return { value: null };
  if (text.includes("\u0000") || !text.isWellFormed()) return { expected: "text without U+0000 and broken letters" };
  if (FORMULA.test(text)) return { expected: "a text that does not begin with = @ + -: a spreadsheet would run it" };
  return { value: text };
}

/** A number that names something: a phone, an id. Its digits count, so one that lost some is refused. */
export function readDigits(cell: Cell | null): CellRead<string> {
  const read = readText(cell);
  if (!("value" in read) || read.value === null || cell === null) return read;
  const text = read.value.replace(/^'/, "");
  if (SPOILT.test(text)) return { expected: `all its digits; the spreadsheet shortened them to ${text}: ${AS_TEXT}` };
  const whole = /^(\+?\d+)[.,]0+$/.exec(text)?.[1] ?? text;
  if (cell.kind === "number" && whole.replace(/\D/g, "").length > NUMBER_DIGITS_MAX)
    return { expected: `a text; as a number its last digits are lost: ${AS_TEXT}` };
  return { value: whole };
}

/** Degrees with a point or a comma. */
export function readDegrees(cell: Cell | null): CellRead<number> {
  const read = readText(cell);
  if (!("value" in read)) return read;
  if (read.value === null) return { value: null };
  const text = read.value.replace(",", ".").replace(/\s/g, "");
  return /^[+-]?\d{1,3}(\.\d+)?$/.test(text) ? { value: Number(text) } : { expected: "degrees, as -29.512345" };
}

export function readWhole(cell: Cell | null, max: number): CellRead<number> {
  const read = readText(cell);
  if (!("value" in read)) return read;
  if (read.value === null) return { value: null };
  const whole = /^(\d{1,9})([.,]0+)?$/.exec(read.value)?.[1];
  return whole !== undefined && Number(whole) <= max
    ? { value: Number(whole) }
    : { expected: `a whole number from 0 to ${max}` };
}

const YES_OR_NO: Record<string, boolean> = {
  ...{ yes: true, y: true, oui: true, o: true, e: true, ee: true, true: true, x: true, "1": true },
  ...{ no: false, n: false, non: false, che: false, false: false, "0": false },
};

/** Yes or no in any of the languages, or what a spreadsheet made of it. */
export function readYesNo(cell: Cell | null): CellRead<boolean> {
  const read = cell?.kind === "boolean" ? { value: cell.text } : readText(cell);
  if (!("value" in read)) return read;
  if (read.value === null) return { value: null };
  const value = YES_OR_NO[read.value.toLowerCase()];
  return value === undefined ? { expected: "yes or no" } : { value };
}

/** A day, as its local midnight in UTC ms. 03/04/2026 may be two days, and is refused. */
export function readDay(cell: Cell | null, utcOffsetMinutes: number): CellRead<number> {
  const read = cell?.kind === "date" ? { value: cell.text } : readText(cell);
  if (!("value" in read)) return read;
  if (read.value === null) return { value: null };
  const midnight = /^\d{4}-\d{2}-\d{2}$/.test(read.value) ? Date.parse(`${read.value}T00:00:00Z`) : Number.NaN;
  const isDay = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(read.value);
  return isDay ? { value: midnight - utcOffsetMinutes * 60_000 } : { expected: "a day as 2026-11-03" };
}
