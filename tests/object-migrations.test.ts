import { describe, expect, it } from "vitest";
import { type Config, readConfigs } from "../dev/deliver/config.ts";
import { newTags, objectMigrationFaults } from "../dev/deliver/object-migrations.ts";

const before = readConfigs().ls ?? {};

type Deep = {
  migrations: { tag: string; new_sqlite_classes: string[] }[];
  durable_objects: { bindings: { name: string; class_name: string }[] };
  vars: Record<string, unknown>;
};
const now = (change: (config: Deep) => void = () => undefined): Config => {
  const copy = structuredClone(before);
  change(copy as unknown as Deep);
  return copy;
};
const withNew = (also: (config: Deep) => void = () => undefined) =>
  now((config) => {
    config.migrations.push({ tag: "v9", new_sqlite_classes: ["Invoice"] });
    config.durable_objects.bindings.push({ name: "INVOICE", class_name: "Invoice" });
    also(config);
  });

describe("a migration of objects", () => {
  it("ships with its binding and what is not in the Worker", () => {
    const paths = [
      "wrangler.toml",
      "workers/env.ts",
      "docs/schema.md",
      "tests/wrangler.test.ts",
      "README.md",
      "dev/lab.ts",
    ];
    expect(objectMigrationFaults(before, withNew(), paths)).toEqual([]);
    expect(newTags(before, withNew()).map(({ tag }) => tag)).toEqual(["v9"]);
  });

  it.each([
    "workers/objects/invoice.ts",
    "workers/index.ts",
    "src/domain/money.ts",
    "web/app.tsx",
    "drizzle/migrations/0099_new.sql",
    "package-lock.json",
    "docs.ts",
  ])("does not ship together with %s", (path) => {
    expect(objectMigrationFaults(before, withNew(), ["wrangler.toml", path])).toEqual([
      `migration v9 of objects comes with other changes of the Worker: ${path}`,
    ]);
  });

  it("names some of many changes", () => {
    const paths = Array.from({ length: 9 }, (_, index) => `src/${index}.ts`);
    expect(objectMigrationFaults(before, withNew(), paths)).toEqual([
      "migration v9 of objects comes with other changes of the Worker: src/0.ts, src/1.ts, src/2.ts, src/3.ts, src/4.ts and 4 more",
    ]);
  });

  it.each<[string, (config: Deep) => void]>([
    ["a var", ({ vars }) => Object.assign(vars, { IOT_REGION: "af-south-1" })],
    ["another object's binding", ({ durable_objects }) => durable_objects.bindings.splice(0, 1)],
    [
      "a binding of a class that it does not make",
      ({ durable_objects }) => durable_objects.bindings.push({ name: "MORE", class_name: "Till" }),
    ],
  ])("does not ship together with %s in wrangler.toml", (_what, also) => {
    expect(objectMigrationFaults(before, withNew(also), ["wrangler.toml"])).toEqual([
      "migration v9 of objects comes with other changes of wrangler.toml than its own bindings",
    ]);
  });

  it.each<[string, (config: Deep) => void, string]>([
    [
      "edited",
      ({ migrations }) => migrations[1]?.new_sqlite_classes.push("Invoice"),
      "migration v2 of objects was edited",
    ],
    ["taken out", ({ migrations }) => migrations.pop(), "migration v3 of objects is not where it was"],
    ["moved", ({ migrations }) => migrations.reverse(), "migration v1 of objects is not where it was"],
  ])("that has run is never %s", (_how, change, fault) => {
    expect(objectMigrationFaults(before, now(change), [])).toContain(fault);
  });

  it("is in no release that changes the Worker alone, and all come together in the first", () => {
    expect(objectMigrationFaults(before, now(), ["workers/index.ts", "package-lock.json"])).toEqual([]);
    expect(objectMigrationFaults(null, withNew(), ["workers/index.ts"])).toEqual([]);
  });
});
