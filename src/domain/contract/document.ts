import type { Language } from "../country.ts";

/** A document as data: what stands where is the printer's business, what it says is not. */
export type Block =
  | { kind: "title"; text: string; under: string }
  | { kind: "heading"; text: string }
  | { kind: "text"; text: string }
  /** Label and value; null: not known. */
  | { kind: "fields"; rows: { label: string; value: string | null }[] }
  /** Numbered from 1. */
  | { kind: "clauses"; clauses: string[] }
  /** Kept together on one page. */
  | { kind: "signatures"; boxes: { label: string; name: string; image: Uint8Array | null }[] };

export type ContractDocument = {
  language: Language;
  /** Names the document in its own properties; no person's name. */
  title: string;
  /** At the foot of each page, with its number. */
  footer: (page: number, pages: number) => string;
  /** Whatever is not known is shown as this. */
  missing: string;
  /** What the document's own dates say: the instant of the act, never that of the printing. */
  madeAt: number;
  blocks: Block[];
};
