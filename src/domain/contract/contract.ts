import type { Country, Language } from "../country.ts";
import { localDay } from "../local-day.ts";
import { shownPhone } from "../phone.ts";
import type { TariffScope } from "../tariff.ts";
import { formatPrice } from "../tariff-words.ts";
import type { Block, ContractDocument } from "./document.ts";
import { CONTRACT_WORDS, type ContractWords } from "./words.ts";

/** All that a contract is made of, but for the signatures: kept with it, so that every figure in it can be explained. */
export type ContractTerms = {
  account: string;
  version: number;
  madeAt: number;
  customer: {
    name: string;
    nationalId: string | null;
    phones: string[];
    email: string | null;
    plotNumber: string | null;
    place: string | null;
    district: string | null;
    latitude: number | null;
    longitude: number | null;
    customerType: string | null;
  };
  site: { code: string; name: string };
  status: "live" | "postpaid";
  connectedOn: string;
  servicePhase: "single" | "three";
  /** Null: the site's standard. */
  ampacityA: number | null;
  meterNumber: string;
  tariff: { rateE4PerKwh: number; tariffId: number | null; scope: TariffScope; validFrom: number };
  staffName: string;
};
export type Signatures = { customer: Uint8Array; staff: Uint8Array | null };

/** What the contract is called: the account and its version. */
export const contractNumber = ({ account, version }: Pick<ContractTerms, "account" | "version">) =>
  `${account}-${version}`;

/** The contract in one language. Nothing of it depends on when it is printed. */
export function contractDocument(
  terms: ContractTerms,
  signatures: Signatures,
  language: Language,
  country: Country,
): ContractDocument {
  const words = CONTRACT_WORDS[language];
  const number = contractNumber(terms);
  const { customer, account } = terms;
  return {
    language,
    title: `${words.title} ${number}`,
    footer: (page, pages) => words.page(number, page, pages),
    missing: "–",
    madeAt: terms.madeAt,
    blocks: [
      {
        kind: "title",
        text: words.title,
        under: words.under(number, dayIn(words, localDay(terms.madeAt, country.utcOffsetMinutes))),
      },
      { kind: "text", text: words.parties(customer.name, account) },
      { kind: "heading", text: words.scheduleA },
      { kind: "fields", rows: serviceRows(terms, words, country) },
      { kind: "heading", text: words.scheduleB },
      { kind: "fields", rows: tariffRows(terms, words, country) },
      { kind: "clauses", clauses: [...words.paying[terms.status], ...words.conditions] },
      { kind: "heading", text: words.terms },
      { kind: "clauses", clauses: [...words.clauses] },
      { kind: "heading", text: words.signatures },
      {
        kind: "signatures",
        boxes: [
          { label: words.customerSigns, name: customer.name, image: signatures.customer },
          { label: words.staffSigns, name: terms.staffName, image: signatures.staff },
        ],
      },
    ],
  };
}

type Rows = Extract<Block, { kind: "fields" }>["rows"];

function serviceRows(terms: ContractTerms, { labels, ...words }: ContractWords, country: Country): Rows {
  const { customer, site } = terms;
  const { latitude, longitude } = customer;
  const village = [customer.place, customer.district].filter((part) => part !== null).join(", ");
  return [
    { label: labels.customer, value: customer.name },
    { label: labels.nationalId, value: customer.nationalId },
    { label: labels.phones, value: customer.phones.map((phone) => shownPhone(phone, country)).join(", ") || null },
    { label: labels.email, value: customer.email },
    { label: labels.customerType, value: customer.customerType },
    { label: labels.account, value: terms.account },
    { label: labels.site, value: `${site.name} (${site.code})` },
    { label: labels.plot, value: customer.plotNumber },
    { label: labels.place, value: village || null },
    { label: labels.position, value: latitude === null || longitude === null ? null : `${latitude}, ${longitude}` },
    { label: labels.connectedOn, value: dayIn({ ...words, labels }, terms.connectedOn) },
    { label: labels.servicePhase, value: words.phase[terms.servicePhase] },
    { label: labels.ampacity, value: terms.ampacityA === null ? words.standardAmpacity : `${terms.ampacityA} A` },
    { label: labels.meter, value: terms.meterNumber },
  ];
}

function tariffRows(terms: ContractTerms, { labels, ...words }: ContractWords, country: Country): Rows {
  const { rateE4PerKwh, scope, validFrom } = terms.tariff;
  return [
    { label: labels.tariff, value: words.perKwh(formatPrice(rateE4PerKwh, country)) },
    {
      label: labels.tariffFrom,
      value: dayIn({ ...words, labels }, localDay(validFrom, country.utcOffsetMinutes)),
    },
    { label: labels.tariffScope, value: words.scope[scope] },
    { label: labels.payment, value: words.payment[terms.status] },
  ];
}

function dayIn({ day, months }: ContractWords, local: string): string {
  const [year = 0, month = 1, date = 1] = local.split("-").map(Number);
  return day(date, months[month - 1] ?? "", year);
}
