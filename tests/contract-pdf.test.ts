import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { glyphsOf, linesOf, readFont, widthOf } from "../src/adapters/pdf/font.ts";
import { layOut, PAGE } from "../src/adapters/pdf/lay-out.ts";
import { NOTO_SANS_BOLD } from "../src/adapters/pdf/noto-sans-bold.ts";
import { NOTO_SANS_REGULAR } from "../src/adapters/pdf/noto-sans-regular.ts";
import { pdfPrinter } from "../src/adapters/pdf/print-contract.ts";
import { type ContractTerms, contractDocument } from "../src/domain/contract/contract.ts";
import type { ContractDocument } from "../src/domain/contract/document.ts";
import { CONTRACT_WORDS } from "../src/domain/contract/words.ts";
import { COUNTRIES, type Language } from "../src/domain/country.ts";
import { textOf } from "./pdf-text.ts";
import { jpeg, png } from "./pictures.ts";

const LANGUAGES = ["en", "fr", "st"] as const;
const regular = readFont(new Uint8Array(Buffer.from(NOTO_SANS_REGULAR, "base64")));
const bold = readFont(new Uint8Array(Buffer.from(NOTO_SANS_BOLD, "base64")));

const TERMS: ContractTerms = {
  account: "0045MAK",
  version: 2,
  madeAt: Date.UTC(2026, 10, 3, 22, 30),
  customer: {
    name: "Thabo Mokoena",
    nationalId: "1234 5678 90",
    phones: ["26650000101"],
    email: null,
    plotNumber: "MAK 0045 HH1",
    place: "Ha Makebe",
    district: "Maseru",
    latitude: -29.512345,
    longitude: 27.912345,
    customerType: "HH1",
  },
  site: { code: "MAK", name: "Ha Makebe" },
  status: "live",
  connectedOn: "2026-11-03",
  servicePhase: "single",
  ampacityA: null,
  meterNumber: "23099001",
  tariff: { rateE4PerKwh: 55_500, tariffId: 3, scope: "site", validFrom: Date.UTC(2026, 0, 31, 22) },
  staffName: "Lineo Ramatla",
};
type Over = Partial<Omit<ContractTerms, "customer">> & { customer?: Partial<ContractTerms["customer"]> };
const terms = ({ customer, ...over }: Over = {}): ContractTerms => ({
  ...TERMS,
  ...over,
  customer: { ...TERMS.customer, ...customer },
});
const signatures = { customer: new Uint8Array(png()), staff: new Uint8Array(jpeg()) };
const documentOf = (language: Language, over: Over = {}, signed: Parameters<typeof contractDocument>[1] = signatures) =>
  contractDocument(terms(over), signed, language, COUNTRIES.LS);
const print = (document: ContractDocument) => pdfPrinter().print(document);
const readIn = async (language: Language, over: Over = {}) => {
  const { pages } = await textOf((await print(documentOf(language, over))).bytes);
  return pages.flat().join(" ");
};

describe("a contract", () => {
  it.each(LANGUAGES)(
    "can be read out of its PDF, in %s: both schedules, every rule, and who signs",
    async (language) => {
      const words = CONTRACT_WORDS[language];
      const text = await readIn(language);
      for (const sentence of [
        words.scheduleA,
        words.scheduleB,
        ...words.paying.live,
        ...words.conditions,
        ...words.clauses,
      ])
        expect(text).toContain(sentence);
      for (const value of [
        "0045MAK-2",
        "Thabo Mokoena",
        "1234 5678 90",
        "5000 0101",
        "MAK 0045 HH1",
        "23099001",
        "5.55 LSL",
        "Lineo Ramatla",
        "-29.512345, 27.912345",
      ])
        expect(text).toContain(value);
      expect(text).not.toContain("\ufffd");
      expect(text).not.toMatch(/undefined|null|NaN|\{|\}/);
    },
  );

  it("says days as people at the site say them, which may be the next one already", async () => {
    expect(await readIn("en")).toContain("4 November 2026");
    expect(await readIn("fr", { connectedOn: "2026-08-01" })).toContain("1er août 2026");
    expect(await readIn("st", { connectedOn: "2026-04-09" })).toContain("9 ’Mesa 2026");
    expect(await readIn("en")).toContain("1 February 2026");
  });

  it("says what an account that pays afterwards agrees to", async () => {
    const text = await readIn("en", { status: "postpaid", ampacityA: 60, servicePhase: "three" });
    expect(text).toContain("invoiced at the price in force");
    expect(text).not.toContain("Electricity is bought before it is used");
    expect(text).toContain("60 A");
    expect(text).toContain("Three phase");
  });

  it("shows what is not known as a dash", async () => {
    const nothing = {
      nationalId: null,
      phones: [],
      email: null,
      plotNumber: null,
      place: null,
      district: null,
      latitude: null,
      longitude: null,
      customerType: null,
    };
    const { pages } = await textOf((await print(documentOf("en", { customer: nothing }))).bytes);
    expect(pages.flat().filter((line) => line === "–")).toHaveLength(7);
  });

  it("is the same bytes for the same content, whoever prints it and when", async () => {
    const hashes = await Promise.all([1, 2, 3].map(async () => sha(await print(documentOf("st")))));
    expect(new Set(hashes).size).toBe(1);
    const others = [
      documentOf("en"),
      documentOf("st", { version: 3 }),
      documentOf("st", {}, { ...signatures, staff: null }),
    ];
    for (const other of others) expect(sha(await print(other))).not.toBe(hashes[0]);
  });

  it("carries both signatures, and names nobody in its properties", async () => {
    const { bytes } = await print(documentOf("fr"));
    const { images, title, creation } = await textOf(bytes);
    expect(images).toBe(2);
    expect(title).toBe("Contrat de fourniture d’électricité 0045MAK-2");
    expect(creation).toBe(TERMS.madeAt);
    expect((await textOf((await print(documentOf("fr", {}, { ...signatures, staff: null }))).bytes)).images).toBe(1);
    expect(bytes.length).toBeLessThan(120_000);
  });
});

const LONG =
  "Coopérative des productrices de karité et de manioc de Gbowélé et des villages voisins, représentée par sa présidente ".repeat(
    3,
  );

describe("how it is laid out", () => {
  const inside = (pages: ReturnType<typeof layOut>) => {
    for (const mark of pages.flat()) {
      expect(mark.x).toBeGreaterThanOrEqual(50);
      expect(mark.y).toBeGreaterThan(20);
      expect(mark.y).toBeLessThan(PAGE.height - 40);
      if (mark.kind !== "text") continue;
      expect(mark.x + widthOf(mark.face === "bold" ? bold : regular, mark.text, mark.size)).toBeLessThanOrEqual(
        PAGE.width - 55,
      );
    }
  };

  it.each(LANGUAGES)(
    "keeps everything on its pages in %s, also with names that fill lines and words that are wider than one",
    (language) => {
      inside(layOut(documentOf(language), { regular, bold }));
      const long = documentOf(language, {
        customer: { name: LONG.trim(), email: `${"a".repeat(150)}@example.org` },
        staffName: LONG,
      });
      inside(layOut(long, { regular, bold }));
    },
  );

  it("goes on to the next page, with a foot on each, and never parts a signature from its line", () => {
    for (const times of [1, 4, 8, 12]) {
      const document = documentOf("en");
      const blocks = document.blocks.map((block) =>
        block.kind === "clauses"
          ? { ...block, clauses: Array.from({ length: times }, () => block.clauses).flat() }
          : block,
      );
      const pages = layOut({ ...document, blocks }, { regular, bold });
      inside(pages);
      for (const [index, page] of pages.entries())
        expect(page.at(-1)).toMatchObject({ text: `Contract 0045MAK-2 · page ${index + 1} of ${pages.length}` });
      const last = pages.at(-1) ?? [];
      expect(last.filter(({ kind }) => kind === "image")).toHaveLength(2);
      expect(last.some((mark) => mark.kind === "text" && mark.text === "Lineo Ramatla")).toBe(true);
    }
  });

  it("refuses to print a book", () => {
    const document = documentOf("en");
    const blocks = Array.from({ length: 40 }, () => document.blocks).flat();
    expect(() => layOut({ ...document, blocks }, { regular, bold })).toThrow(/at most 12/);
  });
});

describe("the font", () => {
  it.each(LANGUAGES)("has every letter that a contract says by itself in %s", (language) => {
    const said = JSON.stringify(CONTRACT_WORDS[language], (_, value) =>
      typeof value === "function" ? value("·", 1, 2) : value,
    );
    for (const face of [regular, bold])
      for (const letter of new Set(said))
        expect([letter, face.glyphs.has(letter.codePointAt(0) ?? 0)]).toEqual([letter, true]);
  });

  it("has the letters of names in Benin, with their tones, and of Sesotho", () => {
    for (const name of ["Ɖɔkpɛ́ Kɔ́kú", "Ọlábísí Ẹ̀bùn", "Ƒɔŋ Ɣe", "Tšeliso Lets’eng ’Mamello", "Œuvré Çélèstin Noël"]) {
      const letters = [...name.normalize("NFC")].map((letter) => letter.codePointAt(0) ?? 0);
      expect(letters.filter((letter) => !regular.glyphs.has(letter))).toEqual([]);
    }
  });

  it("stands in for a letter that it does not have, so that the others stay", () => {
    expect(glyphsOf(regular, "a李b")).toEqual(glyphsOf(regular, "a?b"));
    expect(glyphsOf(regular, "ḗ")).toEqual(glyphsOf(regular, "e\u0304\u0301".normalize("NFD")));
  });

  it("breaks lines between words, and a word only where it must", () => {
    expect(linesOf(regular, "one two three", 10, 45)).toEqual(["one two", "three"]);
    const cut = linesOf(regular, "abcdefghij klm", 10, 30);
    expect(cut.join("").replaceAll(" ", "")).toBe("abcdefghijklm");
    for (const line of cut) expect(widthOf(regular, line, 10)).toBeLessThanOrEqual(30);
    expect(linesOf(regular, "  ", 10, 45)).toEqual([]);
  });
});

const sha = ({ bytes }: { bytes: Uint8Array }) => createHash("sha256").update(bytes).digest("hex");
