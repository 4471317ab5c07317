import { defineConfig } from "drizzle-kit";

/** `npx drizzle-kit generate` writes the next numbered migration from drizzle/schema. It never talks to a database. */
export default defineConfig({
  dialect: "postgresql",
  schema: "./drizzle/schema/*.ts",
  out: "./drizzle/migrations",
});
