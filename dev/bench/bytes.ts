/** How large objects grow: their files, after real SMS, with the Worker stopped. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Bench } from "./bench.ts";
import { openCountry } from "./country.ts";
import { grouped, table } from "./figures.ts";
import { watch } from "./progress.ts";
import { accountAt, accountsOf, makeTexts } from "./texts.ts";

/** Ten years of four payments a month. */
const PAYMENTS_OF_TEN_YEARS = 480;
const SMS = 2_000;
const ACCOUNTS = 300;
const END_MS_MAX = 10 * 60_000;

export type BytesResult = {
  account: { before: number; half: number; after: number };
  mailboxPerThousand: number;
  shardPerThousand: number;
};

export async function runBytes(bench: Bench): Promise<BytesResult> {
  const accounts = accountsOf(ACCOUNTS);
  const country = await openCountry({ ...bench, name: "bench_bytes", accounts, port: bench.firstPort });
  let sms = 0;
  let payments = 0;
  const send = async (count: number, of: readonly string[], seed: number, noiseShare?: number) => {
    const now = Date.now();
    const texts = makeTexts({
      sms: count,
      seed,
      accounts: of,
      now,
      ...(noiseShare === undefined ? {} : { noiseShare }),
    });
    await country.phones.store(texts.byPhone);
    await country.phones.drain();
    sms += texts.sms;
    payments += texts.payments.length;
    const reached = await watch(country, null, { sms, payments }, performance.now(), END_MS_MAX);
    if (reached.all === null) throw new Error("not everything had ended");
    return texts;
  };
  /** Files change only while nobody writes them. */
  const sizes = async (): Promise<Sizes> => {
    await country.worker.stop();
    const sized = sizesIn(country.objects);
    await country.worker.start();
    return sized;
  };
  try {
    const one = [accountAt(ACCOUNTS)];
    const empty = await sizes();
    const texts = await send(SMS, accounts, 4);
    const full = await sizes();
    await country.addAccounts(one);
    const before = (await sizes()).largestAccount;
    await send(PAYMENTS_OF_TEN_YEARS / 2, one, 5, 0);
    const half = (await sizes()).largestAccount;
    await send(PAYMENTS_OF_TEN_YEARS / 2, one, 6, 0);
    const after = (await sizes()).largestAccount;
    return {
      account: { before, half, after },
      mailboxPerThousand: ((full.mailboxes - empty.mailboxes) * 1_000) / texts.sms,
      shardPerThousand: ((full.shards - empty.shards) * 1_000) / texts.payments.length,
    };
  } finally {
    await country.close();
  }
}

type Sizes = { largestAccount: number; mailboxes: number; shards: number };

function sizesIn(objects: string): Sizes {
  const folder = join(objects, "do");
  const of = (name: string) => readdirSync(folder).filter((entry) => entry.endsWith(name));
  const files = (name: string) =>
    of(name).flatMap((entry) =>
      readdirSync(join(folder, entry))
        .filter((file) => file.endsWith(".sqlite"))
        .map((file) => sizeOf(join(folder, entry, file))),
    );
  const sum = (all: number[]) => all.reduce((total, size) => total + size, 0);
  return {
    largestAccount: Math.max(0, ...files("AccountLedger")),
    mailboxes: sum(files("Mailbox")),
    shards: sum(files("ReceiptBook")),
  };
}

/** Pages that hold something, the write-ahead log's included. */
function sizeOf(file: string): number {
  if (!existsSync(file) || statSync(file).size === 0) return 0;
  const database = new DatabaseSync(file);
  try {
    const number = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] ?? 0);
    return number("page_size") * (number("page_count") - number("freelist_count"));
  } finally {
    database.close();
  }
}

export const bytesTable = ({ account, mailboxPerThousand, shardPerThousand }: BytesResult) =>
  table(
    ["object", "bytes"],
    [
      ["an account before its first payment (or the largest other)", grouped(account.before)],
      [`an account after ${PAYMENTS_OF_TEN_YEARS / 2} payments`, grouped(account.half)],
      [`an account after ${PAYMENTS_OF_TEN_YEARS} payments (10 years, 4 a month)`, grouped(account.after)],
      ["each further payment of an account", grouped(((account.after - account.half) * 2) / PAYMENTS_OF_TEN_YEARS)],
      ["a Mailbox, per 1,000 SMS", grouped(mailboxPerThousand)],
      ["the receipt shards together, per 1,000 payments", grouped(shardPerThousand)],
    ],
  );
