/** What our objects rely on of their storage: the simulated one has to answer each as workerd does. */
type Cursor = Iterable<Record<string, unknown>> & {
  toArray(): Record<string, unknown>[];
  one(): Record<string, unknown>;
  columnNames: string[];
};
export type AnyStorage = {
  sql: { exec(query: string, ...bindings: unknown[]): Cursor };
  transactionSync<T>(step: () => T): T;
  setAlarm(at: number): Promise<void>;
  getAlarm(): Promise<number | null>;
  deleteAlarm(): Promise<void>;
};

const table = ({ sql }: AnyStorage) => {
  sql.exec("DROP TABLE IF EXISTS cases");
  sql.exec("CREATE TABLE cases (id INTEGER PRIMARY KEY, name TEXT, blob BLOB)");
};
const names = ({ sql }: AnyStorage) =>
  sql
    .exec("SELECT name FROM cases ORDER BY id")
    .toArray()
    .map(({ name }) => name);
const add = ({ sql }: AnyStorage, name: string) => sql.exec("INSERT INTO cases (name) VALUES (?)", name);
const thrown = (work: () => unknown): string => {
  try {
    work();
    return "nothing";
  } catch {
    return "thrown";
  }
};

export const STORAGE_CASES: { says: string; ask: (storage: AnyStorage) => unknown; answers: unknown }[] = [
  {
    says: "numbers, texts, null and bytes come back as they went in",
    ask: (storage) => {
      table(storage);
      storage.sql.exec("INSERT INTO cases VALUES (?, ?, ?)", 7, "é\n電", new Uint8Array([1, 2, 255]).buffer);
      const { id, name, blob } = storage.sql.exec("SELECT * FROM cases").one();
      return [id, name, blob instanceof ArrayBuffer ? [...new Uint8Array(blob)] : "no ArrayBuffer"];
    },
    answers: [7, "é\n電", [1, 2, 255]],
  },
  {
    says: "numbered bindings may be used twice",
    ask: ({ sql }) => sql.exec("SELECT ?1 AS a, ?2 AS b, ?1 AS c", "x", null).one(),
    answers: { a: "x", b: null, c: "x" },
  },
  {
    says: "several statements in one text are all done",
    ask: ({ sql }) => {
      sql.exec("CREATE TABLE IF NOT EXISTS first (id INTEGER); CREATE TABLE IF NOT EXISTS second (id INTEGER)");
      return sql.exec("SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('first', 'second')").one();
    },
    answers: { n: 2 },
  },
  {
    says: "one row is asked for, and none or two throw",
    ask: (storage) => {
      table(storage);
      const none = thrown(() => storage.sql.exec("SELECT * FROM cases").one());
      add(storage, "a");
      add(storage, "b");
      return [none, thrown(() => storage.sql.exec("SELECT * FROM cases").one())];
    },
    answers: ["thrown", "thrown"],
  },
  {
    says: "rows are walked through one by one",
    ask: (storage) => {
      table(storage);
      for (const name of ["a", "b", "c"]) add(storage, name);
      const seen: unknown[] = [];
      for (const { name } of storage.sql.exec("SELECT name FROM cases ORDER BY id")) seen.push(name);
      return seen;
    },
    answers: ["a", "b", "c"],
  },
  {
    says: "a transaction that throws leaves nothing, and what was before it stays",
    ask: (storage) => {
      table(storage);
      add(storage, "before");
      const what = thrown(() =>
        storage.transactionSync(() => {
          add(storage, "within");
          throw new Error("no");
        }),
      );
      return [what, names(storage)];
    },
    answers: ["thrown", ["before"]],
  },
  {
    says: "a transaction within another fails alone",
    ask: (storage) => {
      table(storage);
      storage.transactionSync(() => {
        add(storage, "outer");
        thrown(() =>
          storage.transactionSync(() => {
            add(storage, "inner");
            throw new Error("no");
          }),
        );
      });
      return names(storage);
    },
    answers: ["outer"],
  },
  {
    says: "a broken rule of a table throws",
    ask: (storage) => {
      table(storage);
      storage.sql.exec("INSERT INTO cases (id) VALUES (1)");
      return thrown(() => storage.sql.exec("INSERT INTO cases (id) VALUES (1)"));
    },
    answers: "thrown",
  },
  {
    says: "an alarm is told as it was set, and is none once it was deleted",
    ask: async (storage) => {
      const at = Date.now() + 86_400_000;
      await storage.setAlarm(at);
      const told = (await storage.getAlarm()) === at;
      await storage.deleteAlarm();
      return [told, await storage.getAlarm()];
    },
    answers: [true, null],
  },
];
