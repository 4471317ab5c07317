import { join } from "node:path";
import preact from "@preact/preset-vite";
import { defineConfig } from "vite";

const HERE = import.meta.dirname;
/** The phone's own worker has one address for ever; every other file is named after its content. */
const OWN_ADDRESS: Record<string, string> = { sw: "my/sw.js" };

/** Two entries, for staff and for customers, and the worker that keeps a customer's last page. */
export default defineConfig({
  root: HERE,
  plugins: [preact()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    sourcemap: false,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { index: join(HERE, "index.html"), my: join(HERE, "my/index.html"), sw: join(HERE, "my/sw.ts") },
      output: { entryFileNames: ({ name }) => OWN_ADDRESS[name] ?? "assets/[name]-[hash].js" },
    },
  },
});
